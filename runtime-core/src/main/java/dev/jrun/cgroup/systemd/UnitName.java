// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The unit of a container, and the slice that it is in: {@code slice:prefix:name} of {@code linux.cgroupsPath}, as runc
 * reads it. systemd.unit(5), systemd.slice(5).
 *
 * @param scope such as {@code jrun-web.scope}
 * @param slice such as {@code machine-web.slice}
 */
public record UnitName(String scope, String slice) {

    private static final String POINTER = "/linux/cgroupsPath";
    private static final String SLICE = ".slice";
    private static final String PREFIX = "jrun";

    /** The root of all slices. */
    private static final String ROOT = "-.slice";

    /** UNIT_NAME_MAX, without the zero byte. */
    private static final int LONGEST = 255;

    /** Names of cgroups that could be files of the kernel's have an underscore in front: controllers, and "cgroup". */
    private static final Set<String> KERNELS = Set.of(
            "cgroup",
            "cpu",
            "cpuacct",
            "cpuset",
            "io",
            "blkio",
            "memory",
            "devices",
            "pids",
            "rdma",
            "misc",
            "hugetlb",
            "freezer",
            "net_cls",
            "net_prio",
            "perf_event",
            "bpf-firewall",
            "bpf-devices",
            "bpf-foreign",
            "bpf-socket-bind",
            "bpf-restrict-network-interfaces");

    /** What is wrong with a {@code linux.cgroupsPath}. */
    public static Optional<Problem> problem(String path) {
        if (path.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = path.split(":", -1);
        if (parts.length != 3) {
            return problem(path, "the systemd cgroup driver takes slice:prefix:name, such as \"system.slice:web:1\"");
        }
        if (parts[2].endsWith(SLICE)) {
            return problem(
                    path, "the name is that of a slice, in which no process can be; a container's unit is a scope");
        }
        Optional<String> slice = parts[0].isEmpty() ? Optional.empty() : wrongInSlice(parts[0]);
        if (slice.isPresent()) {
            return problem(path, slice.get());
        }
        Optional<String> scope = wrongInUnit(scope(parts[1], parts[2]));
        return scope.isPresent() ? problem(path, scope.get()) : Optional.empty();
    }

    private static Optional<Problem> problem(String path, String message) {
        return Optional.of(new Problem(POINTER, '"' + path + '"', message, Optional.empty()));
    }

    private static Optional<String> wrongInSlice(String slice) {
        if (!slice.endsWith(SLICE) || slice.length() == SLICE.length()) {
            return Optional.of("the slice \"" + slice + "\" does not end in .slice");
        }
        String name = slice.substring(0, slice.length() - SLICE.length());
        if (!name.equals("-") && (name.startsWith("-") || name.endsWith("-") || name.contains("--"))) {
            return Optional.of("the slice \"" + slice + "\" has a dash that does not stand between two names");
        }
        return wrongInUnit(slice);
    }

    private static Optional<String> wrongInUnit(String name) {
        if (name.length() > LONGEST) {
            return Optional.of("the unit's name has " + name.length() + " characters; allowed: " + LONGEST);
        }
        for (char next : name.toCharArray()) {
            if (!isAllowed(next)) {
                return Optional.of("the unit's name \"" + name + "\" has '" + next
                        + "' in it; allowed: letters and digits of ASCII, and : - _ . \\");
            }
        }
        return Optional.empty();
    }

    private static boolean isAllowed(char next) {
        return next < 128 && (Character.isLetterOrDigit(next) || ":-_.\\".indexOf(next) >= 0);
    }

    /**
     * The unit of a container.
     *
     * @param path {@code linux.cgroupsPath}; absent or empty: named after the container
     * @param usualSlice where it is in if none is named
     * @throws CgroupException if the path is none for this driver
     */
    public static UnitName of(Optional<String> path, String id, String usualSlice) throws CgroupException {
        if (path.isEmpty() || path.get().isEmpty()) {
            return new UnitName(scope(PREFIX, escaped(id)), usualSlice);
        }
        Optional<Problem> problem = problem(path.get());
        if (problem.isPresent()) {
            throw new CgroupException(problem.get().in("config.json"));
        }
        String[] parts = path.get().split(":", -1);
        return new UnitName(scope(parts[1], parts[2]), parts[0].isEmpty() ? usualSlice : parts[0]);
    }

    private static String scope(String prefix, String name) {
        return prefix + "-" + name + ".scope";
    }

    /** As systemd-escape(1): an id may have characters that a unit's name may not. */
    private static String escaped(String id) {
        var name = new StringBuilder();
        for (char next : id.toCharArray()) {
            if (isAllowed(next) && next != '\\') {
                name.append(next);
            } else {
                name.append("\\x%02x".formatted((int) next));
            }
        }
        return name.toString();
    }

    /**
     * The path of its cgroup, from the one that all of systemd's units are in: {@code a-b.slice} is in {@code a.slice}.
     *
     * @return without a slash at either end
     */
    public String cgroup() {
        List<String> path = new ArrayList<>();
        if (!slice.equals(ROOT)) {
            String name = slice.substring(0, slice.length() - SLICE.length());
            for (int dash = name.indexOf('-'); dash >= 0; dash = name.indexOf('-', dash + 1)) {
                path.add(inFileSystem(name.substring(0, dash) + SLICE));
            }
            path.add(inFileSystem(slice));
        }
        path.add(inFileSystem(scope));
        return String.join("/", path);
    }

    private static String inFileSystem(String unit) {
        boolean special = unit.startsWith("_")
                || unit.startsWith(".")
                || unit.equals("notify_on_release")
                || unit.equals("release_agent")
                || unit.equals("tasks")
                || unit.contains(".") && KERNELS.contains(unit.substring(0, unit.indexOf('.')));
        return special ? "_" + unit : unit;
    }
}
