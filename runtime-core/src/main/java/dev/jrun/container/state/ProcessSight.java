// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.call.BootId;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.FileIdentity;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.ProcessStatus;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which processes {@code /proc} shows to this engine, and which a pid means to it in a system call. These differ if
 * {@code /proc} was mounted in another pid namespace ({@code unshare --pid --fork} without {@code --mount-proc}): what
 * is read there of a pid is about another process than the one that a signal would hit.
 *
 * <p>An engine looks once. It cannot change its pid namespace, and it serves no other caller unless the caller has one
 * pid in this {@code /proc}, {@code engine.PeerIdentity}.
 *
 * @param shown where the pids in {@code /proc} are of
 * @param isOurs whether pids in system calls are of the same
 */
public record ProcessSight(PidScope shown, boolean isOurs) {

    private static final String SELF = "self";

    private static volatile ProcessSight own;

    /**
     * That of this engine.
     *
     * @throws ContainerException if it cannot be found out
     */
    public static ProcessSight own() throws ContainerException {
        ProcessSight known = own;
        if (known == null) {
            known = look();
            own = known;
        }
        return known;
    }

    private static ProcessSight look() throws ContainerException {
        try {
            ProcessStatus status = ProcessStatus.own();
            boolean isOurs = status.hasOnePid();
            String namespace = isOurs ? ownNamespace() : shownNamespace(status);
            return new ProcessSight(new PidScope(BootId.current().orElse(""), namespace), isOurs);
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot find out which processes /proc shows: there is no procfs of this pid namespace: "
                            + Failures.describe(e),
                    e);
        }
    }

    private static String ownNamespace() throws IOException {
        try {
            return namespace(SELF);
        } catch (NoSuchFileException none) {
            return PidScope.ONLY;
        }
    }

    /**
     * That of the nearest ancestor with one pid in this {@code /proc} that may be looked into: it is a member of what
     * is shown there. Empty if there is none.
     */
    private static String shownNamespace(ProcessStatus process) throws IOException {
        ProcessStatus known = process;
        while (true) {
            String parent = known.value("PPid").orElseThrow();
            Optional<String> text = KernelFile.readIfPresent(Path.of("/proc/" + parent + "/status"));
            if (text.isEmpty()) {
                return "";
            }
            known = new ProcessStatus(text.get());
            if (known.hasOnePid()) {
                try {
                    return namespace(parent);
                } catch (IOException hidden) {
                    continue;
                }
            }
        }
    }

    private static String namespace(String pid) throws IOException {
        return FileIdentity.of(Path.of("/proc/" + pid + "/ns/pid"));
    }
}
