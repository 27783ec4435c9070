// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which cgroups a process is in: {@code /proc/PID/cgroup}, cgroups(7).
 *
 * @param paths by what the hierarchy's line says it is: the empty string for cgroup v2, else its controllers joined by
 *     commas, or {@code name=…}
 */
record CgroupMembership(Map<String, String> paths) {
    /** What the kernel adds to the path of a removed cgroup that still has zombies. */
    private static final String DELETED = " (deleted)";

    CgroupMembership {
        paths = Collections.unmodifiableMap(new LinkedHashMap<>(paths));
    }

    static CgroupMembership parse(String text) {
        Map<String, String> paths = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                paths.put(fields[1], fields[2]);
            }
        });
        return new CgroupMembership(paths);
    }

    /**
     * The path in a hierarchy, relative to the reader's cgroup namespace.
     *
     * @return empty if the process is not in that hierarchy, or in a cgroup of it that was removed
     */
    Optional<String> in(Hierarchy hierarchy) {
        return Optional.ofNullable(paths.get(hierarchy.membership())).filter(path -> !path.endsWith(DELETED));
    }

    /** The directory of the cgroup in a hierarchy; empty if it is not among those that are mounted here. */
    Optional<Path> directoryIn(Hierarchy hierarchy) {
        Optional<String> path = in(hierarchy);
        return path.isPresent() ? hierarchy.directory(path.get()) : Optional.empty();
    }
}
