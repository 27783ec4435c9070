// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a container belongs.
 *
 * @param own the cgroups that it has to itself
 * @param callers those of the caller in which it stays in the other hierarchies, since the caller may not make any
 *     there, or wants none
 * @param unifiedMount where the host has cgroup v2 mounted
 * @param unit systemd's, whose cgroup it is; a unit has to have a process from its beginning on
 */
public record CgroupPlace(
        CgroupDirectories own, CgroupDirectories callers, Optional<Path> unifiedMount, Optional<String> unit) {

    /** A host without cgroups. */
    public static final CgroupPlace NONE =
            new CgroupPlace(CgroupDirectories.NONE, CgroupDirectories.NONE, Optional.empty());

    /** One that is nobody's unit. */
    public CgroupPlace(CgroupDirectories own, CgroupDirectories callers, Optional<Path> unifiedMount) {
        this(own, callers, unifiedMount, Optional.empty());
    }

    /** The same, which is a unit's. */
    public CgroupPlace of(String name) {
        return new CgroupPlace(own, callers, unifiedMount, Optional.of(name));
    }

    /** How the container's first process comes there. */
    public CgroupEntry entry() {
        return CgroupEntry.of(own);
    }

    /** What the container sees of the host's cgroups. */
    public CgroupView view() {
        return CgroupView.of(this);
    }

    /**
     * What is left of it when the container has ended and nothing of it is left there: empty directories, to be removed
     * in this order.
     */
    public List<Path> remains() {
        return own.all();
    }

    /** For people, a line for each cgroup. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        if (unit.isPresent()) {
            lines.add("systemd unit " + unit.get());
        }
        for (Path directory : own.all()) {
            lines.add("cgroup " + directory);
        }
        for (Path directory : callers.all()) {
            lines.add("cgroup " + directory + ", the caller's");
        }
        return lines;
    }
}
