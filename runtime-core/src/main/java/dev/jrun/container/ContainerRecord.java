// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPaths;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.launch.MovedDevice;
import dev.jrun.launch.SeccompListener;
import dev.jrun.spec.Hooks;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of a container.
 *
 * @param ociVersion of its configuration
 * @param bundle absolute
 * @param rootfs absolute
 * @param created when it was
 * @param owner the user id of its creator
 * @param annotations of its configuration
 * @param hooks those of its configuration that run after its creation: poststart and poststop
 * @param listener who answers notifications of its seccomp filter
 * @param cgroup where its cgroups are or, while it is being made, will be
 * @param resctrl directories of resctrl that end with it, innermost first
 * @param own which of these directories are its own; as long as that is not known, none is touched that anything is in
 * @param endsWithInit whether it has a pid namespace of its own, so that none of its processes outlives the first one
 * @param creator the shim that makes it
 * @param init its first process; empty while it is being made
 * @param startSteps what the instructions after "start" are about, by their index, for an init that fails there
 * @param netDevices the network devices to give back when it is deleted
 */
public record ContainerRecord(
        String ociVersion,
        ContainerId id,
        Path bundle,
        Path rootfs,
        Instant created,
        int owner,
        Map<String, String> annotations,
        Hooks hooks,
        Optional<SeccompListener> listener,
        CgroupPaths cgroup,
        List<Path> resctrl,
        OwnDirectories own,
        boolean endsWithInit,
        ProcessIdentity creator,
        Optional<ProcessIdentity> init,
        SortedMap<Integer, String> startSteps,
        List<MovedDevice> netDevices) {

    public ContainerRecord {
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
        resctrl = List.copyOf(resctrl);
        startSteps = Collections.unmodifiableSortedMap(new TreeMap<>(startSteps));
        netDevices = List.copyOf(netDevices);
    }

    /** Whether {@code other}, of which the first process may not be known yet, was made by the same call. */
    boolean isOfSameMaking(ContainerRecord other) {
        return creator.isSameAs(other.creator) && created.equals(other.created);
    }

    /** Whether it has one, and does not stay in its caller's. */
    boolean hasOwnCgroup() {
        return own.areKnown() && !cgroup.all().isEmpty();
    }

    /**
     * The cgroup that is its own, as far as it is there.
     *
     * @throws CgroupException if there is no way to tell
     */
    Cgroup ownCgroup() throws CgroupException {
        return new Cgroup(own.among(cgroup));
    }

    /** Whether {@code other} is the same container, and not a later one of its id. */
    boolean isSameAs(ContainerRecord other) {
        return init.isPresent() && other.init.isPresent() && init.get().isSameAs(other.init.get());
    }

    /**
     * Whether the container's init is there and has not executed its program. execve(2) closes the socket on which it is awaited, and
     * so does death before it: the kernel remembers which it was, for a zombie too.
     */
    boolean hasNotExecuted() throws ContainerException {
        if (init.isEmpty()) {
            return false;
        }
        Optional<ProcessStat> stat = init.get().stat();
        return stat.isPresent() && stat.get().hasNotExecuted();
    }

    /** This record with the directories that were made or taken over for it. */
    ContainerRecord withOwn(OwnDirectories directories) {
        return new ContainerRecord(
                ociVersion,
                id,
                bundle,
                rootfs,
                created,
                owner,
                annotations,
                hooks,
                listener,
                cgroup,
                resctrl,
                directories,
                endsWithInit,
                creator,
                init,
                startSteps,
                netDevices);
    }

    /** This record with its first process and what came with it. */
    ContainerRecord withInit(ProcessIdentity process, SortedMap<Integer, String> steps, List<MovedDevice> devices) {
        return new ContainerRecord(
                ociVersion,
                id,
                bundle,
                rootfs,
                created,
                owner,
                annotations,
                hooks,
                listener,
                cgroup,
                resctrl,
                own,
                endsWithInit,
                creator,
                Optional.of(process),
                steps,
                devices);
    }
}
