// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;

/**
 * What a container sees of the host's hierarchies where it mounts cgroups, cgroups(7).
 *
 * @param unified where the host has cgroup v2 mounted
 * @param isUnifiedCallers whether the container has no cgroup of its own there
 * @param legacy the hierarchies of cgroup v1 that the host has; none on one that has v2 only
 */
public record CgroupView(Optional<Path> unified, boolean isUnifiedCallers, List<Hierarchy> legacy) {

    private static final String NAMED = "name=";

    public CgroupView {
        legacy = List.copyOf(legacy);
    }

    /**
     * A hierarchy of cgroup v1.
     *
     * @param name the last component of its mount point, such as {@code cpu,cpuacct}
     * @param options the data that mounts it, such as {@code cpu}, {@code cpuacct}, or {@code none},
     *     {@code name=systemd}
     * @param directory the cgroup in it that the container is in
     * @param isCallers whether that is its caller's
     */
    public record Hierarchy(String name, List<String> options, Path directory, boolean isCallers) {
        public Hierarchy {
            options = List.copyOf(options);
        }
    }

    static CgroupView of(CgroupPlace place) {
        List<Hierarchy> legacy = new ArrayList<>();
        add(place.own(), false, legacy);
        add(place.callers(), true, legacy);
        return new CgroupView(place.unifiedMount(), place.own().unified().isEmpty(), legacy);
    }

    private static void add(CgroupDirectories cgroup, boolean isCallers, List<Hierarchy> legacy) {
        for (Entry<String, Path> entry : cgroup.legacy().entrySet()) {
            String controllers = entry.getKey();
            boolean named = controllers.startsWith(NAMED);
            legacy.add(new Hierarchy(
                    named ? controllers.substring(NAMED.length()) : controllers,
                    named ? List.of("none", controllers) : Arrays.asList(controllers.split(",")),
                    entry.getValue(),
                    isCallers));
        }
    }
}
