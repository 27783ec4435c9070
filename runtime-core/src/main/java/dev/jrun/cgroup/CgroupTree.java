// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OpenDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A cgroup's directory in one hierarchy with all that is below it. */
record CgroupTree(Path directory) {

    private static final String FREEZER_STATE = "freezer.state";
    private static final String THAWED = "THAWED";

    /** How long it may take to see all cgroups of a container. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** How long it may take to remove all cgroups of one that lives no more, and makes none. */
    private static final Duration REMOVAL_LIMIT = Duration.ofMinutes(5);

    /** Adds the pids of all processes; those of another pid namespace, which have no number here, as 0. */
    void addPidsTo(Set<Integer> pids) throws CgroupException {
        addPids(directory, pids);
        walk("list the processes in ", LIMIT, new CgroupWalk.Visitor() {
            @Override
            public void visit(OpenDirectory cgroup) throws IOException {
                addPids(cgroup.path(), pids);
            }
        });
    }

    /** Thaws it, with all below it, in a hierarchy of cgroup v1 that has the freezer. */
    void thaw() throws CgroupException {
        thaw(directory);
        walk("thaw ", LIMIT, new CgroupWalk.Visitor() {
            @Override
            public void visit(OpenDirectory cgroup) throws IOException {
                thaw(cgroup.path());
            }
        });
    }

    private static void thaw(Path cgroup) throws CgroupException {
        CgroupFile state = new CgroupFile(cgroup, FREEZER_STATE);
        Optional<String> found = state.readIfPresent();
        if (found.isEmpty() || found.get().equals(THAWED)) {
            return;
        }
        try {
            state.write(THAWED);
        } catch (CgroupException error) {
            if (!Files.notExists(cgroup.resolve(FREEZER_STATE))) {
                throw error;
            }
        }
    }

    /** Whether anything in it may be frozen, in a hierarchy of cgroup v1 that has the freezer. */
    boolean mayBeFrozen() throws CgroupException {
        Optional<String> state = new CgroupFile(directory, FREEZER_STATE).readIfPresent();
        return state.isPresent() && (!state.get().equals(THAWED) || hasChildren());
    }

    /**
     * Removes the cgroup and all below it, as far as no process is in the way.
     *
     * @return empty if it is gone, else what the kernel said about it, such as "device or resource busy"
     */
    Optional<String> remove() throws CgroupException {
        Optional<String> obstacle = removeEmpty();
        if (obstacle.isPresent() && hasChildren()) {
            // What cannot be removed stays; then the directory itself cannot be either, and says why.
            walk("remove ", REMOVAL_LIMIT, new CgroupWalk.Visitor() {
                @Override
                public boolean enters(OpenDirectory parent, byte[] name) throws IOException {
                    return !isRemoved(parent, name);
                }

                @Override
                public void leave(OpenDirectory parent, byte[] name) throws IOException {
                    isRemoved(parent, name);
                }
            });
            obstacle = removeEmpty();
        }
        return obstacle;
    }

    private static boolean isRemoved(OpenDirectory parent, byte[] name) throws LinuxException {
        try {
            parent.remove(name);
            return true;
        } catch (LinuxException error) {
            if (error.is(Errno.EBUSY) || error.is(Errno.ENOTEMPTY) || error.is(Errno.EACCES) || error.is(Errno.EPERM)) {
                return false;
            }
            if (error.is(Errno.ENOENT)) {
                return true;
            }
            throw error;
        }
    }

    /** Removes a single cgroup if it is there and nothing is in it; the kernel does not let go of any other. */
    static void removeIfEmpty(Path directory) {
        try {
            Files.delete(directory);
        } catch (IOException inUse) {
            // Then it is somebody's.
            return;
        }
    }

    private Optional<String> removeEmpty() {
        try {
            Files.delete(directory);
            return Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException error) {
            return Optional.of(CgroupException.reason(error));
        }
    }

    private void walk(String purpose, Duration limit, CgroupWalk.Visitor visitor) throws CgroupException {
        if (!hasChildren()) {
            return;
        }
        try {
            CgroupWalk.below(directory, visitor, limit);
        } catch (IOException error) {
            throw new CgroupException(
                    purpose + "the cgroups below " + directory + ": " + CgroupException.reason(error), error);
        }
    }

    /** kernfs counts a directory's links as most file systems do: two, and one for each directory in it. */
    private boolean hasChildren() throws CgroupException {
        try {
            return (int) Files.getAttribute(directory, "unix:nlink", NOFOLLOW_LINKS) > 2;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + CgroupException.reason(error), error);
        }
    }

    private static void addPids(Path cgroup, Set<Integer> pids) throws CgroupException {
        Path procs = cgroup.resolve("cgroup.procs");
        try {
            KernelFile.read(procs).lines().map(Integer::valueOf).forEach(pids::add);
        } catch (IOException error) {
            if (!CgroupFile.isGone(procs, error) && !isThreaded(cgroup)) {
                throw new CgroupException("read " + procs + ": " + CgroupException.reason(error), error);
            }
        }
    }

    /** Then its list of processes cannot be read: they are in that of the domain above it. */
    private static boolean isThreaded(Path cgroup) throws CgroupException {
        return new CgroupFile(cgroup, "cgroup.type").readIfPresent().equals(Optional.of("threaded"));
    }
}
