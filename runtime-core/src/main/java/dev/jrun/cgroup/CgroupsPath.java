// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * {@code linux.cgroupsPath} of config.json, cleaned.
 *
 * @param absolute whether it is below a hierarchy's mount point, and not below the caller's cgroup
 * @param relative at least one name, joined by slashes, none of them {@code .} or {@code ..}
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#cgroups-path">config-linux.md</a>
 */
record CgroupsPath(boolean absolute, String relative) {
    private static final String POINTER = "/linux/cgroupsPath";

    /** @param id in place of an absent path */
    static CgroupsPath parse(Optional<String> text, String id) throws CgroupException {
        if (text.isEmpty()) {
            return new CgroupsPath(false, id);
        }
        String path = text.get();
        if (!path.contains("/") && path.split(":", -1).length == 3) {
            throw CgroupException.ofField(
                    POINTER,
                    ("\"%s\" has the form slice:prefix:name of systemd's cgroup driver,"
                                    + " but the driver in use is cgroupfs")
                            .formatted(path));
        }
        String cleaned = clean(path);
        if (cleaned.isEmpty()) {
            throw CgroupException.ofField(
                    POINTER,
                    "\"%s\" names no cgroup of the container's own, but %s"
                            .formatted(path, path.startsWith("/") ? "the root of every hierarchy" : "the caller's"));
        }
        return new CgroupsPath(path.startsWith("/"), cleaned);
    }

    /** Resolves {@code .}, {@code ..} and repeated slashes by name; {@code ..} at the top stays there. */
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
