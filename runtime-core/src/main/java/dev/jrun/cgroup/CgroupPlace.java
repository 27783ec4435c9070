// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a container belongs.
 *
 * @param own its own cgroups
 * @param callers those of the caller in which it stays in the other hierarchies, since the caller may not make any
 *     there, or wants none
 * @param unifiedMount where the host has cgroup v2 mounted
 * @param unit systemd's, whose cgroup it is; a unit has to have a process from its beginning on
 * @param delegated the path from the container's own cgroup to the one below that is its init's, in cgroup v2
 *     ({@link Delegation})
 */
public record CgroupPlace(
        CgroupDirectories own,
        CgroupDirectories callers,
        Optional<Path> unifiedMount,
        Optional<String> unit,
        Optional<String> delegated) {

    /** One that is nobody's unit. */
    public CgroupPlace(CgroupDirectories own, CgroupDirectories callers, Optional<Path> unifiedMount) {
        this(own, callers, unifiedMount, Optional.empty(), Optional.empty());
    }

    /** The same, which is a unit's. */
    public CgroupPlace of(String name) {
        return new CgroupPlace(own, callers, unifiedMount, Optional.of(name), delegated);
    }

    /**
     * The same, of a container whose processes are in a cgroup below.
     *
     * @param path from its own cgroup, which may be empty: then they are in that one
     * @throws CgroupException if there can be no such cgroup
     */
    public CgroupPlace delegating(Optional<String> path) throws CgroupException {
        if (path.isEmpty()) {
            return this;
        }
        if (!own.isUnified()) {
            throw CgroupException.ofField(
                    Delegation.POINTER,
                    own.all().isEmpty()
                            ? "the container has no cgroup of its own, below which another could be"
                            : "it needs a host with cgroup v2 alone: cgroup v1 cannot delegate safely");
        }
        return new CgroupPlace(own, callers, unifiedMount, unit, path);
    }

    /** How the container's first process comes there. */
    public CgroupEntry entry() {
        return CgroupEntry.of(own);
    }

    /** Where it goes from there, when its cgroup namespace has the container's own cgroup as its root. */
    public Optional<CgroupEntry.Place> delegatedPlace() {
        return delegated.isPresent()
                ? Optional.of(entry().unified().orElseThrow().at(delegated.get()))
                : Optional.empty();
    }

    /**
     * The cgroups that lead from the container's own, which is not among them, to the one below in which its init is to
     * be.
     */
    List<Path> delegatedDirectories() {
        List<Path> all = new ArrayList<>();
        if (delegated.isPresent()) {
            Path directory = own.unified().orElseThrow();
            for (Path name : Path.of(delegated.get())) {
                directory = directory.resolve(name);
                all.add(directory);
            }
        }
        return all;
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
        if (delegated.isPresent()) {
            lines.add(
                    "cgroup " + own.unified().orElseThrow().resolve(delegated.get()) + ", delegated to the container");
        }
        for (Path directory : callers.all()) {
            lines.add("cgroup " + directory + ", the caller's");
        }
        return lines;
    }
}
