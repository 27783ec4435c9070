// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The directories of one container's cgroup, one in each hierarchy.
 *
 * @param unified in cgroup v2
 * @param legacy in cgroup v1, by the hierarchy's controllers joined by commas such as {@code cpu,cpuacct}, or
 *     {@code name=…}
 */
public record CgroupDirectories(Optional<Path> unified, SortedMap<String, Path> legacy) {
    /** No cgroup: the host has no hierarchy mounted. */
    public static final CgroupDirectories NONE = new CgroupDirectories(Optional.empty(), new TreeMap<>());

    public CgroupDirectories {
        legacy = Collections.unmodifiableSortedMap(new TreeMap<>(legacy));
    }

    /** The v1 directory in whose hierarchy this controller is, such as {@code cpu} or {@code name=systemd}. */
    public Optional<Path> legacy(String controller) {
        for (Entry<String, Path> entry : legacy.entrySet()) {
            if (List.of(entry.getKey().split(",")).contains(controller)) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    /** Whether cgroup v2 is all that there is. */
    public boolean isUnified() {
        return unified.isPresent() && legacy.isEmpty();
    }

    /** Those that are among these directories. */
    CgroupDirectories only(Collection<Path> directories) {
        SortedMap<String, Path> found = new TreeMap<>(legacy);
        found.values().retainAll(directories);
        return new CgroupDirectories(unified.filter(directories::contains), found);
    }

    /** Every directory, cgroup v2 first. */
    public List<Path> all() {
        List<Path> all = new ArrayList<>(legacy.size() + 1);
        if (unified.isPresent()) {
            all.add(unified.get());
        }
        all.addAll(legacy.values());
        return all;
    }

    /** What an error calls the cgroup. */
    String describe() {
        List<Path> all = all();
        return all.isEmpty() ? "the container, which has no cgroup" : "the cgroup " + all.getFirst();
    }
}
