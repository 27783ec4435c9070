// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.notify.NotifySocket;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.process.Credentials;
import dev.jrun.launch.terminal.Console;
import dev.jrun.seccomp.SeccompFilter;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Config;
import dev.jrun.spec.Process;
import dev.jrun.spec.Root;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that decides what a launch does.
 *
 * @param id the container's
 * @param config valid, with a process and a root
 * @param bundle absolute
 * @param cgroup where init belongs; it is made before init is
 * @param ending when and how init's executable starts
 * @param seccomp the filter of {@code linux.seccomp}
 * @param callerEnvironment entries {@code NAME=value}, which hooks of the runtime inherit
 * @param rescue the command that removes the container, for a shim whose engine is lost
 * @param addresses of the network devices that are moved into the container, by their names on the host
 * @param rights the caller's
 * @param console who gets the process's terminal, if it has one
 * @param announcement what is said when the container is complete
 */
public record LaunchRequest(
        String id,
        Config config,
        Path bundle,
        CgroupPlace cgroup,
        Options options,
        Ending ending,
        Optional<SeccompFilter> seccomp,
        List<String> callerEnvironment,
        List<String> rescue,
        Map<String, List<DeviceAddress>> addresses,
        CallerRights rights,
        Optional<Console> console,
        Announcement announcement) {

    public LaunchRequest {
        callerEnvironment = List.copyOf(callerEnvironment);
        rescue = List.copyOf(rescue);
        addresses = Map.copyOf(addresses);
    }

    /**
     * What the command line says.
     *
     * @param pidFile absolute; gets init's pid in the caller's pid namespace
     * @param preservedDescriptors how many descriptors from 3 on the container inherits
     * @param noPivot {@code --no-pivot}
     * @param noNewKeyring {@code --no-new-keyring}
     * @param addedEnvironment entries {@code NAME=value} besides {@code process.env}
     * @param consoleSocket absolute; gets the process's terminal
     * @param pidfdSocket absolute; gets a pidfd of init
     * @param serviceManager who is told when the container is ready
     */
    public record Options(
            Optional<Path> pidFile,
            int preservedDescriptors,
            boolean noPivot,
            boolean noNewKeyring,
            List<String> addedEnvironment,
            Optional<Path> consoleSocket,
            Optional<Path> pidfdSocket,
            Optional<ServiceManager> serviceManager) {
        /** Nothing but the bundle says what to do. */
        public static final Options NONE = new Options(
                Optional.empty(), 0, false, false, List.of(), Optional.empty(), Optional.empty(), Optional.empty());

        public Options {
            addedEnvironment = List.copyOf(addedEnvironment);
        }

        /** The same, and nobody is told when the container is ready. */
        public Options withoutServiceManager() {
            return new Options(
                    pidFile,
                    preservedDescriptors,
                    noPivot,
                    noNewKeyring,
                    addedEnvironment,
                    consoleSocket,
                    pidfdSocket,
                    Optional.empty());
        }
    }

    /** When and how init's executable starts. */
    public sealed interface Ending {

        /** The container's, absolute. */
        Path stateDirectory();

        /** When {@code start} connects to the socket in {@code stateDirectory} ({@code create}). */
        record OnStart(Path stateDirectory) implements Ending {}

        /** At once; the shim ends ({@code run --detach}). */
        record Detached(Path stateDirectory) implements Ending {}

        /** At once; the shim stays, sends signals on and ends with init's exit code ({@code run}). */
        record Supervised(Adoption adoption, Afterwards afterwards, StateDirectory state) implements Ending {
            @Override
            public Path stateDirectory() {
                return state.path();
            }
        }
    }

    /** What becomes of a container that has ended. */
    public enum Afterwards {
        REMOVE,
        /** {@code --keep}. */
        KEEP
    }

    /** What becomes of init's orphans when it has no pid namespace of its own. */
    public enum Adoption {
        /** The shim becomes their parent (PR_SET_CHILD_SUBREAPER of prctl(2)). */
        BY_SHIM,
        /** They go where the kernel puts them ({@code --no-subreaper}). */
        BY_HOST
    }

    /** The container's first process. */
    public Process process() {
        return config.process().orElseThrow();
    }

    /** The container as others are told of it. */
    public StateSubject stateSubject() {
        return new StateSubject(config.ociVersion(), id, bundle, config.annotations(), config.hooks());
    }

    /**
     * Who gets the listener of the filter from the shim of this launch: with {@code create}, that of {@code start} sees
     * to it.
     */
    public Optional<SeccompListener> listenerAtOnce() {
        return ending instanceof Ending.OnStart ? Optional.empty() : SeccompListener.of(config);
    }

    /**
     * The option of mount(8) that gives new file systems {@code linux.mountLabel}; crun's annotation may name another
     * kind.
     */
    public Optional<String> mountContext() {
        String kind = config.annotations().value(Annotation.MOUNT_CONTEXT_TYPE).orElse("context");
        return config.linux().mountLabel().map(label -> kind + "=" + label);
    }

    /** Which groups its processes are in. */
    public Credentials.Groups groups() {
        return Credentials.Groups.of(config.annotations(), process(), config.linux(), rights);
    }

    /** Entries {@code NAME=value} of its process, other than HOME if none is named. */
    public List<String> environment() {
        List<String> environment = new ArrayList<>(process().env());
        environment.addAll(options.addedEnvironment());
        if (options.serviceManager().isPresent()) {
            environment.add(NotifySocket.VARIABLE);
        }
        return environment;
    }

    /** What config.json says of its root file system. */
    public Root root() {
        return config.root().orElseThrow();
    }

    /** The root file system, absolute. */
    public Path rootfs() {
        return bundle.resolve(root().path()).normalize();
    }
}
