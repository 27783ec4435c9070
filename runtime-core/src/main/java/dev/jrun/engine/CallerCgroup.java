// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.CgroupPaths;
import dev.jrun.kernel.KernelFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cgroups of the caller that started this engine, which the engine is born in. If it stayed there it would count
 * against the caller's limits, and the cgroup could not be removed.
 */
final class CallerCgroup {

    private static final String ENGINE = "jrun-engine";

    /** The writer itself, cgroups(7). */
    private static final byte[] SELF = "0".getBytes(StandardCharsets.US_ASCII);

    private CallerCgroup() {}

    /** Moves this process out of each of them, as far as it may: on v2 to a cgroup of the engines, on v1 to the root. */
    static void leave() {
        try {
            String membership = KernelFile.read(Path.of("/proc/self/cgroup"));
            CgroupPaths engines = CgroupHost.ofThisProcess().place(ENGINE, Optional.of("/" + ENGINE), membership);
            for (String line : membership.split("\n")) {
                String[] fields = line.split(":", 3);
                if (fields.length == 3) {
                    leave(fields[1], fields[2], engines);
                }
            }
        } catch (IOException e) {
            // A host whose cgroups cannot be seen has none to leave.
        }
    }

    /**
     * Leaves one hierarchy's cgroup.
     *
     * @param controllers empty: it is that of cgroup v2
     * @param cgroup from the hierarchy's root, or from that of the cgroup namespace
     */
    private static void leave(String controllers, String cgroup, CgroupPaths engines) {
        Optional<Path> target = controllers.isEmpty()
                ? engines.unified()
                : Optional.ofNullable(engines.legacy().get(controllers));
        if (target.isEmpty() || cgroup.equals("/") || cgroup.equals("/" + ENGINE)) {
            return;
        }
        Path root = target.get().getParent();
        // Where only the caller's cgroup or one below is mounted, there is no way out of it.
        if (!Files.isDirectory(root.resolve(cgroup.substring(1)))) {
            return;
        }
        try {
            enter(controllers.isEmpty() ? made(target.get()) : root);
        } catch (IOException e) {
            // Not permitted: the engine stays where its caller is.
        }
    }

    private static Path made(Path cgroup) throws IOException {
        try {
            return Files.createDirectory(cgroup);
        } catch (FileAlreadyExistsException e) {
            return cgroup;
        }
    }

    private static void enter(Path cgroup) throws IOException {
        try (var out = new FileOutputStream(cgroup.resolve("cgroup.procs").toFile())) {
            out.write(SELF);
        }
    }
}
