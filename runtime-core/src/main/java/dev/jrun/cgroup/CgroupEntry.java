// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;

/**
 * How a process enters a container's cgroup by itself, in a launch program. On cgroup v2 it is born there
 * (CLONE_INTO_CGROUP, clone(2)) or moves itself; on cgroup v1 it moves itself into each hierarchy.
 *
 * @param unified in cgroup v2
 * @param legacy in cgroup v1
 */
public record CgroupEntry(Optional<Place> unified, List<Place> legacy) {

    /** A process that writes {@code 0} here moves itself. */
    private static final String PROCESSES = "cgroup.procs";

    /**
     * A thread that writes {@code 0} here moves itself alone, which is right for a process that has only one. To move a
     * whole process takes a lock that waits for a grace period of the whole machine, 5 ms and more for each cgroup.
     */
    private static final String TASKS = "tasks";

    public CgroupEntry {
        legacy = List.copyOf(legacy);
    }

    /**
     * In one hierarchy.
     *
     * @param controllers that are there, joined by commas, or {@code name=…}; none of cgroup v2
     * @param own the container's directory, which is known by its inode number
     * @param below the path from there to the cgroup to enter; empty: it is that one
     * @param members the name of the file there by which a process moves itself
     */
    public record Place(String controllers, Path own, String below, String members) {

        public Path directory() {
            return below.isEmpty() ? own : own.resolve(below);
        }

        Place at(String path) {
            return new Place(controllers, own, path, members);
        }

        private boolean has(String controller) {
            return Arrays.asList(controllers.split(",")).contains(controller);
        }
    }

    static CgroupEntry of(CgroupDirectories cgroup) {
        Optional<Place> unified = cgroup.unified().isPresent()
                ? Optional.of(new Place("", cgroup.unified().get(), "", PROCESSES))
                : Optional.empty();
        List<Place> legacy = new ArrayList<>(cgroup.legacy().size());
        for (Entry<String, Path> hierarchy : cgroup.legacy().entrySet()) {
            legacy.add(new Place(hierarchy.getKey(), hierarchy.getValue(), "", TASKS));
        }
        return new CgroupEntry(unified, legacy);
    }

    /**
     * The container's own directories, cgroup v2 first: what is to be known to be the container's before anything is
     * entered.
     */
    public List<Path> own() {
        List<Path> all = new ArrayList<>(legacy.size() + 1);
        if (unified.isPresent()) {
            all.add(unified.get().own());
        }
        for (Place place : legacy) {
            all.add(place.own());
        }
        return all;
    }

    /** Into a cgroup below the container's, in cgroup v2, that was made for its processes ({@link Delegation}). */
    public CgroupEntry toDelegated(String path) {
        return new CgroupEntry(Optional.of(unified.orElseThrow().at(path)), legacy);
    }

    /**
     * Into a cgroup below the container's, in each hierarchy. Whether it is there is seen by whoever enters it.
     *
     * @param path from the container's cgroup; with or without a slash at its beginning
     * @throws CgroupException if it leads out of that, or the container has none of its own
     */
    public CgroupEntry below(String path) throws CgroupException {
        if (unified.isEmpty() && legacy.isEmpty()) {
            throw new CgroupException("the container has no cgroup of its own");
        }
        String below = inside(path);
        List<Place> changed = new ArrayList<>(legacy.size());
        for (Place place : legacy) {
            changed.add(place.at(below));
        }
        return new CgroupEntry(unified.isPresent() ? Optional.of(unified.get().at(below)) : unified, changed);
    }

    /**
     * Likewise in the hierarchy of cgroup v1 that has a controller, such as {@code cpu} or {@code name=systemd}.
     *
     * @throws CgroupException also if there is none
     */
    public CgroupEntry below(String controller, String path) throws CgroupException {
        String below = inside(path);
        List<Place> changed = new ArrayList<>(legacy);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).has(controller)) {
                changed.set(i, changed.get(i).at(below));
                return new CgroupEntry(unified, changed);
            }
        }
        throw new CgroupException("the container has no cgroup in a hierarchy of cgroup v1 with the controller \""
                + controller + "\"" + (legacy.isEmpty() ? "" : "; there are " + names()));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(legacy.size());
        for (Place place : legacy) {
            names.add(place.controllers());
        }
        return names;
    }

    private static String inside(String path) throws CgroupException {
        return CgroupsPath.below(path)
                .orElseThrow(() ->
                        new CgroupException("\"" + path + "\" is not the path of a cgroup below the container's"));
    }

    /**
     * Into the cgroup of cgroup v2 that a process of the container is in now: the container may have given its own
     * cgroup's controllers to cgroups below, as systemd does, and then no process can be in that one itself ("no
     * internal processes", cgroups(7): EBUSY).
     *
     * @param directory where that process is
     * @return empty if that is neither the container's cgroup nor below it
     */
    Optional<CgroupEntry> beside(Path directory) {
        if (unified.isEmpty() || !directory.startsWith(unified.get().own())) {
            return Optional.empty();
        }
        String below = unified.get().own().relativize(directory).toString();
        return Optional.of(new CgroupEntry(Optional.of(unified.get().at(below)), legacy));
    }
}
