// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.cgroup.CallerCgroup;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * That this process is in somebody's cgroup: one that it could not leave, or one in a cgroup namespace. To those
 * outside, the root of such a namespace is a cgroup like others, which cannot be removed while a process is in it or
 * below; to its owner, one of cgroup v2 that has to be empty before there can be controllers below (cgroups(7), "no
 * internal processes").
 *
 * @param lines of {@code /proc/PID/cgroup}, cgroups(7), that others have who are there
 */
record OwnCgroup(Predicate<String> lines) implements Place {

    /** The root of cgroup v2, to whoever's namespace it is. */
    private static final String UNIFIED_ROOT = "0::/";

    private static final String OUTSIDE = "..";

    /** Those of this process, now: others may move it. */
    static List<Place> own(OwnNamespaces namespaces) throws IOException {
        boolean isInInitial = namespaces.hasInitialCgroups();
        List<Place> own = new ArrayList<>();
        for (String line : lines("self")) {
            if (!CallerCgroup.isLeft(line) || line.equals(UNIFIED_ROOT) && !isInInitial) {
                own.add(new OwnCgroup(line::equals));
            } else if (!isInInitial) {
                own.add(new OwnCgroup(inNamespaceOf(line)));
            }
        }
        return own;
    }

    /** In the root of the namespace, or below it. Of what is elsewhere, the way there is told. */
    private static Predicate<String> inNamespaceOf(String line) {
        String root = line.substring(0, line.indexOf('/') + 1);
        return other -> other.startsWith(root) && !other.startsWith(root + OUTSIDE);
    }

    @Override
    public boolean has(int pid) throws IOException {
        return lines(Integer.toString(pid)).stream().anyMatch(lines);
    }

    private static List<String> lines(String pid) throws IOException {
        return List.of(KernelFile.read(Path.of("/proc/" + pid + "/cgroup")).split("\n"));
    }
}
