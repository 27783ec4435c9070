// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cgroups that a container's init is put into; they exist when the program runs. cgroups(7).
 *
 * @param unified its cgroup v2 directory
 * @param legacy its cgroup v1 directories; none on a host that has v2 only
 * @param callers those of the caller in which it stays in other hierarchies of cgroup v1
 * @param unifiedMount where the host has cgroup v2 mounted
 */
public record Cgroups(
        Optional<Path> unified, List<Hierarchy> legacy, List<Hierarchy> callers, Optional<Path> unifiedMount) {

    /** A host without cgroups. */
    public static final Cgroups NONE = new Cgroups(Optional.empty(), List.of(), List.of(), Optional.empty());

    public Cgroups {
        legacy = List.copyOf(legacy);
        callers = List.copyOf(callers);
    }

    /** Of a container that has a cgroup of its own in every hierarchy. */
    public Cgroups(Optional<Path> unified, List<Hierarchy> legacy, Optional<Path> unifiedMount) {
        this(unified, legacy, List.of(), unifiedMount);
    }

    /** The hierarchies of cgroup v1 that the host has. */
    public List<Hierarchy> allLegacy() {
        List<Hierarchy> all = new ArrayList<>(legacy);
        all.addAll(callers);
        return all;
    }

    /**
     * A cgroup v1 hierarchy.
     *
     * @param name the last component of its mount point, such as {@code cpu,cpuacct}
     * @param options the data that mounts it, such as {@code cpu}, {@code cpuacct}, or {@code none}, {@code name=systemd}
     * @param directory the container's cgroup in it
     */
    public record Hierarchy(String name, List<String> options, Path directory) {
        public Hierarchy {
            options = List.copyOf(options);
        }
    }
}
