// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.launch.Announcement;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.process.Credentials;
import dev.jrun.launch.terminal.Console;
import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Process;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Everything that decides what an {@code exec} does.
 *
 * @param container as the agent of its seccomp filter is told of it
 * @param init the pid of its first process
 * @param process to be executed, valid
 * @param linux of the container's configuration
 * @param cgroup how the process comes into the container's cgroup, or one below
 * @param keyring whether it gets a session keyring of its own
 * @param seccomp the filter of {@code linux.seccomp}
 * @param listener who gets the listener of the filter
 * @param rights the caller's
 * @param console who gets the process's terminal, if it has one
 * @param announcement what is said when the process runs
 */
public record ExecRequest(
        StateSubject container,
        long init,
        Process process,
        Linux linux,
        CgroupEntry cgroup,
        Options options,
        Ending ending,
        Keyring keyring,
        Optional<SeccompFilter> seccomp,
        Optional<SeccompListener> listener,
        CallerRights rights,
        Optional<Console> console,
        Announcement announcement) {

    /**
     * What the command line says of other things than the process.
     *
     * @param pidFile absolute; gets the pid of the process in the caller's pid namespace
     * @param pidfdSocket absolute; who listens there gets a pidfd of the process
     * @param preservedDescriptors how many descriptors from 3 on the process inherits
     * @param consoleSocket absolute; gets the process's terminal
     */
    public record Options(
            Optional<Path> pidFile,
            Optional<Path> pidfdSocket,
            int preservedDescriptors,
            Optional<Path> consoleSocket) {
        public static final Options NONE = new Options(Optional.empty(), Optional.empty(), 0, Optional.empty());
    }

    /** What becomes of the shim when the process runs. */
    public enum Ending {
        /** It ends ({@code --detach}). */
        DETACHED,
        /** It stays, sends signals on and ends with the exit code of the process. */
        SUPERVISED
    }

    /** Whether the process has its caller's session keyring. */
    public enum Keyring {
        OWN,
        /** As with the container itself: {@code create --no-new-keyring}. */
        CALLERS
    }

    Credentials.Groups groups() {
        return Credentials.Groups.of(container.annotations(), process, linux, rights);
    }

    /**
     * Whether the call can be made again if the engine is lost before the process executes. Whoever listens on a socket
     * takes one connection, and no other after that.
     */
    boolean canBeMadeAgain() {
        return options.pidfdSocket().isEmpty() && !(console.orElse(null) instanceof Console.Sent);
    }

    boolean isInUserNamespace() {
        return linux.namespace(Namespace.Type.USER).isPresent();
    }
}
