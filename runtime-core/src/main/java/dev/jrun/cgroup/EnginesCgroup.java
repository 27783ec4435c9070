// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.KernelFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The cgroup that engines move to. No container of jrun can have it, but one of an older version or of another runtime
 * may: an engine that moved there would be killed, frozen or limited with it.
 *
 * @param directory in cgroup v2
 */
record EnginesCgroup(Path directory) {

    /** The writer itself, cgroups(7). */
    private static final byte[] SELF = "0".getBytes(StandardCharsets.US_ASCII);

    /** What every engine has among its arguments; native-shim/src/start.c. */
    private static final String ARGUMENT = "\0-Djrun.build=";

    private static final String PROCESSES = "cgroup.procs";

    /** Makes it if there is none. */
    void make() throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            return; // of earlier engines, as a rule
        }
    }

    /** Moves this process into it. */
    void enter() throws IOException {
        enter(directory);
    }

    /** Moves this process into a cgroup. */
    static void enter(Path cgroup) throws IOException {
        try (var out = new FileOutputStream(cgroup.resolve(PROCESSES).toFile())) {
            out.write(SELF);
        }
    }

    /**
     * Whether anything of it is, or may be, somebody else's than engines': the mark of containers, a process, a cgroup
     * below.
     */
    boolean mayBeAnothers() {
        try {
            return CgroupLock.isMarked(directory) || hasCgroups() || hasOthersProcesses();
        } catch (IOException e) {
            return true;
        }
    }

    private boolean hasCgroups() throws IOException {
        try (DirectoryStream<Path> below = Files.newDirectoryStream(directory, Files::isDirectory)) {
            return below.iterator().hasNext();
        }
    }

    private boolean hasOthersProcesses() throws IOException {
        for (String pid : KernelFile.read(directory.resolve(PROCESSES)).split("\n")) {
            if (!pid.isEmpty() && !isEngine(pid)) {
                return true;
            }
        }
        return false;
    }

    /**
     * A process that has ended is nobody's. One of a pid namespace that is not seen from here has pid 0 and is no
     * engine that is known.
     */
    private static boolean isEngine(String pid) throws IOException {
        if (pid.equals("0")) {
            return false;
        }
        Optional<String> arguments = KernelFile.readIfPresent(Path.of("/proc/" + pid + "/cmdline"));
        return arguments.isEmpty() || arguments.get().contains(ARGUMENT);
    }
}
