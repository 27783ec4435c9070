// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupPlace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where a container's cgroups are on hosts of each kind. */
public final class CgroupPlaces {

    private CgroupPlaces() {}

    /** In cgroup v2, which is mounted where its directory is. */
    public static CgroupPlace unified(String directory) {
        return hybrid(directory, Map.of());
    }

    /** In cgroup v1 alone, by controllers. */
    public static CgroupPlace legacy(Map<String, String> directories) {
        return of(Optional.empty(), directories);
    }

    /** In both. */
    public static CgroupPlace hybrid(String unified, Map<String, String> legacy) {
        return of(Optional.of(Path.of(unified)), legacy);
    }

    private static CgroupPlace of(Optional<Path> unified, Map<String, String> directories) {
        SortedMap<String, Path> legacy = new TreeMap<>();
        directories.forEach((controllers, path) -> legacy.put(controllers, Path.of(path)));
        return new CgroupPlace(
                new CgroupDirectories(unified, legacy), CgroupDirectories.NONE, unified.map(Path::getParent));
    }
}
