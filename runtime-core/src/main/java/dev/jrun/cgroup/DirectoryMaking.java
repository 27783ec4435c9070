// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Makes the directories of one cgroup, such that a process can enter them, and remembers which were not there. */
final class DirectoryMaking {

    /**
     * Of the cgroups that are made for containers: {@code drwxr-xr-t}. Nobody else makes cgroups with the sticky bit,
     * so one that has it was made here, even if whoever made it was killed before it could be written down.
     */
    private static final int MODE = CgroupLock.MADE_HERE | 0755;

    /** Of those above it, which stay for others, and of those below it that are delegated. */
    private static final int MODE_OF_OTHERS = 0755;

    private final CgroupHost host;
    private final CreationLock lock;
    private final Deque<Path> made = new ArrayDeque<>();

    /** @param lock that is taken on the first of them that can be locked, whether it was there or not */
    DirectoryMaking(CgroupHost host, CreationLock lock) {
        this.host = host;
        this.lock = lock;
    }

    /** The directories that were not there before, the newest first. */
    Collection<Path> made() {
        return Collections.unmodifiableCollection(made);
    }

    /** Leaves them to others. */
    void forget() {
        made.clear();
    }

    /** Makes that of each hierarchy, with those above it that are missing. */
    void makeAll(CgroupDirectories paths) throws CgroupException {
        if (paths.unified().isPresent()) {
            makeUnified(paths.unified().get());
        }
        for (var entry : paths.legacy().entrySet()) {
            makeLegacy(entry.getKey(), entry.getValue());
        }
    }

    private void makeUnified(Path directory) throws CgroupException {
        makeWithParents(directory);
        // Beside v1 hierarchies, cgroup v2 is there to track processes, and what it controls is the host's.
        if (host.layout() == CgroupHost.Layout.UNIFIED) {
            for (Path above : host.lineage(directory.getParent())) {
                new SubtreeControl(above).handDownAll();
            }
        }
        String type = new CgroupFile(directory, "cgroup.type").readIfPresent().orElse("domain");
        if (type.equals("threaded") || type.equals("domain invalid")) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "%s is below a threaded cgroup (its cgroup.type is \"%s\"), where no container can be"
                            .formatted(directory, type));
        }
    }

    private void makeLegacy(String controllers, Path directory) throws CgroupException {
        makeWithParents(directory);
        if (List.of(controllers.split(",")).contains("cpuset")) {
            List<Path> lineage = host.lineage(directory);
            inherit(lineage, "cpuset.cpus");
            inherit(lineage, "cpuset.mems");
        }
    }

    /**
     * Gives the last cgroup of a lineage the value of the one above it, if it has none. A cgroup of cpuset (cgroup v1)
     * starts with no CPUs and no memory nodes, and then no process can enter it.
     *
     * @return the last one's value
     */
    private static String inherit(List<Path> lineage, String name) throws CgroupException {
        CgroupFile file = new CgroupFile(lineage.getLast(), name);
        String value = file.read();
        if (value.isEmpty() && lineage.size() > 1) {
            value = inherit(lineage.subList(0, lineage.size() - 1), name);
            file.write(value);
        }
        return value;
    }

    private void makeWithParents(Path directory) throws CgroupException {
        if (!isMade(directory, MODE)) {
            for (Path current : host.lineage(directory)) {
                if (!isMade(current, current.equals(directory) ? MODE : MODE_OF_OTHERS)) {
                    throw CgroupException.ofField(
                            CgroupHost.POINTER,
                            "make cgroup " + current + ": the cgroup above it was removed meanwhile");
                }
            }
        }
        lock.takeOn(directory);
    }

    /** Makes one cgroup unless it exists; false if the one above it does not. */
    private boolean isMade(Path directory, int mode) throws CgroupException {
        try {
            LinuxCalls.makeDirectory(directory, mode);
            made.push(directory);
            return true;
        } catch (LinuxException error) {
            if (error.is(Errno.EEXIST)) {
                return true;
            }
            if (error.is(Errno.ENOENT)) {
                return false;
            }
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "make cgroup " + directory + ": " + error.reason(), error);
        }
    }

    /** Makes one below the container's, for its own use; it must not be there yet. */
    void makeDelegated(Path directory) throws CgroupException {
        try {
            LinuxCalls.makeDirectory(directory, MODE_OF_OTHERS);
            made.push(directory);
        } catch (LinuxException error) {
            throw CgroupException.ofField(
                    Delegation.POINTER, "make cgroup " + directory + ": " + error.reason(), error);
        }
    }
}
