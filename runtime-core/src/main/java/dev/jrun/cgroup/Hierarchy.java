// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A mounted cgroup hierarchy, a tree of cgroups. */
sealed interface Hierarchy {
    /** Where it is mounted. */
    Path mountPoint();

    /** The cgroup that is at {@link #mountPoint}; another than {@code /} in a container that was given only its own. */
    String root();

    /** Its second field in {@code /proc/PID/cgroup}. */
    String membership();

    /** What an error calls it. */
    String describe();

    /** Whether this process may move others into a cgroup that it makes in {@code parent}. */
    boolean letsMoveInto(Path parent);

    /**
     * The directory of a cgroup that {@code /proc/PID/cgroup} names.
     *
     * @param path from there
     * @return empty if that cgroup is outside of what is mounted here
     */
    default Optional<Path> directory(String path) {
        String prefix = root().endsWith("/") ? root() : root() + "/";
        if (path.equals(root())) {
            return Optional.of(mountPoint());
        }
        if (!path.startsWith(prefix) || path.startsWith("/..")) {
            return Optional.empty();
        }
        return Optional.of(mountPoint().resolve(path.substring(prefix.length())));
    }

    /** The place of engines in it, whether it is there or not. */
    default Path engines() {
        return mountPoint().resolve(CgroupHost.ENGINES);
    }

    /** The hierarchy of cgroup v2. */
    record Unified(Path mountPoint, String root) implements Hierarchy {
        @Override
        public String membership() {
            return "";
        }

        @Override
        public String describe() {
            return "cgroup v2";
        }

        /** Whoever moves a process has to be let into the cgroup above both places: cgroups(7), "Delegation". */
        @Override
        public boolean letsMoveInto(Path parent) {
            return Files.isWritable(parent.resolve("cgroup.procs"));
        }
    }

    /**
     * A hierarchy of cgroup v1.
     *
     * @param controllers joined by commas such as {@code cpu,cpuacct}, or {@code name=…} of one without any
     */
    record Legacy(String controllers, Path mountPoint, String root) implements Hierarchy {
        @Override
        public String membership() {
            return controllers;
        }

        @Override
        public String describe() {
            return "cgroup v1 " + controllers;
        }

        @Override
        public boolean letsMoveInto(Path parent) {
            return true;
        }
    }
}
