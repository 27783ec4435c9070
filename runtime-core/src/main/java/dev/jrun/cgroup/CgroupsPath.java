// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.spec.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * {@code linux.cgroupsPath} of config.json, cleaned.
 *
 * @param absolute whether it is below a hierarchy's mount point, and not below the caller's cgroup
 * @param relative at least one name, joined by slashes, none of them {@code .} or {@code ..}
 * @see <a
 *     href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#cgroups-path">config-linux.md</a>
 */
public record CgroupsPath(boolean absolute, String relative) {
    /** What is wrong with a path, wherever it may lead. */
    public static Optional<Problem> problem(String path) {
        if (!path.contains("/") && path.split(":", -1).length == 3) {
            return problem(
                    path,
                    "the form slice:prefix:name is of systemd's cgroup driver, but the driver in use is cgroupfs");
        }
        if (clean(path).isEmpty()) {
            return problem(
                    path,
                    "it names no cgroup below "
                            + (path.startsWith("/") ? "the root of every hierarchy" : "the caller's")
                            + ", where the container's has to be");
        }
        if (climbs(path)) {
            return problem(
                    path,
                    "it leads above "
                            + (path.startsWith("/")
                                    ? "the root of every hierarchy"
                                    : "where it begins, the caller's cgroup"));
        }
        if (isEngines(path)) {
            return problem(path, "/" + CgroupHost.ENGINES + " is the cgroup of jrun's engines; give another path");
        }
        return Optional.empty();
    }

    private static boolean isEngines(String path) {
        return path.startsWith("/") && (clean(path) + "/").startsWith(CgroupHost.ENGINES + "/");
    }

    /** Whether {@code ..} leads above where the path begins. What it names there is not what is written. */
    private static boolean climbs(String path) {
        int depth = 0;
        for (String name : path.split("/")) {
            switch (name) {
                case "", "." -> {}
                case ".." -> depth--;
                default -> depth++;
            }
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Problem> problem(String path, String message) {
        return Optional.of(new Problem(CgroupHost.POINTER, '"' + path + '"', message, Optional.empty()));
    }

    /** @param id in place of an absent path */
    static CgroupsPath parse(Optional<String> text, String id) throws CgroupException {
        if (text.isEmpty()) {
            return new CgroupsPath(false, id);
        }
        String path = text.get();
        Optional<Problem> problem = problem(path);
        if (problem.isPresent()) {
            throw new CgroupException(problem.get().in("config.json"));
        }
        return new CgroupsPath(path.startsWith("/"), clean(path));
    }

    /** A path below a container's cgroup, cleaned, that may be empty; none if it leads out of that, or nowhere. */
    static Optional<String> below(String path) {
        return climbs(path) || path.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(clean(path));
    }

    /** Resolves {@code .}, {@code ..} and repeated slashes by name. */
    private static String clean(String path) {
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/")) {
            switch (name) {
                case "", "." -> {}
                case ".." -> names.pollLast();
                default -> names.addLast(name);
            }
        }
        return String.join("/", names);
    }
}
