// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cgroups of the caller that started this engine, in which the engine is born. If it stayed there, it would count
 * towards the caller's limits, and the cgroup could not be removed.
 */
public final class CallerCgroup {

    private CallerCgroup() {}

    /**
     * Moves this process out of each of them, as far as it may: on v2 to a cgroup of the engines, on v1 to the root.
     *
     * @return false if there is something else's cgroup in place of the engines'; then this process stays where it is
     */
    public static boolean leave() {
        try {
            String membership = KernelFile.read(Path.of("/proc/self/cgroup"));
            CgroupDirectories engines = CgroupHost.ofThisProcess().engines();
            boolean left = true;
            for (String line : membership.split("\n")) {
                String[] fields = line.split(":", 3);
                if (fields.length == 3) {
                    left &= leave(fields[1], fields[2], engines);
                }
            }
            return left;
        } catch (IOException e) {
            // A host whose cgroups cannot be seen has none to leave.
            return true;
        }
    }

    /**
     * Whether a process that says this of itself is in nobody's cgroup of this hierarchy.
     *
     * @param line of {@code /proc/PID/cgroup}
     */
    public static boolean isLeft(String line) {
        String[] fields = line.split(":", 3);
        return fields.length < 3 || isNobodys(fields[2]);
    }

    private static boolean isNobodys(String cgroup) {
        return cgroup.equals("/") || cgroup.equals("/" + CgroupHost.ENGINES);
    }

    /**
     * Leaves one hierarchy's cgroup.
     *
     * @param controllers empty: it is that of cgroup v2
     * @param cgroup from the hierarchy's root, or from that of the cgroup namespace
     * @return false if the place to go to is taken
     */
    private static boolean leave(String controllers, String cgroup, CgroupDirectories engines) {
        Optional<Path> target = controllers.isEmpty()
                ? engines.unified()
                : Optional.ofNullable(engines.legacy().get(controllers));
        if (target.isEmpty() || isNobodys(cgroup)) {
            return true;
        }
        Path root = target.get().getParent();
        // Where only the caller's cgroup or one below is mounted, there is no way out of it.
        if (!Files.isDirectory(root.resolve(cgroup.substring(1)))) {
            return true;
        }
        try {
            if (controllers.isEmpty()) {
                return isMovedTo(new EnginesCgroup(target.get()));
            }
            EnginesCgroup.enter(root);
        } catch (IOException e) {
            // Not permitted: the engine stays where its caller is.
        }
        return true;
    }

    private static boolean isMovedTo(EnginesCgroup engines) throws IOException {
        engines.make();
        if (engines.mayBeAnothers()) {
            return false;
        }
        engines.enter();
        return true;
    }
}
