// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.OpenDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A container's cgroup in one hierarchy, with those below it that are the container's. A cgroup with the mark of
 * another container's ({@link CgroupLock}) is not, nor are those below it.
 *
 * @param takenOver whether it existed before the container. Then nobody knows who makes cgroups in it, and none is the
 *     container's
 */
record CgroupTree(Path directory, boolean takenOver) {

    private static final String FREEZER_STATE = "freezer.state";
    private static final String THAWED = "THAWED";

    /** How long it may take to see all cgroups of a container. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** Of a cgroup, whosever it and those below it are. */
    static CgroupTree whosever(Path directory) {
        return new CgroupTree(directory, true);
    }

    /** A visitor of those that are not another container's. */
    private interface UnmarkedVisitor extends CgroupWalk.Visitor {
        @Override
        default boolean enters(OpenDirectory parent, byte[] name) throws IOException {
            return !CgroupLock.isMarked(parent, name);
        }
    }

    /**
     * Adds the pids of all processes of the container; those of another pid namespace, which have no number here, as 0.
     */
    void addPidsTo(Set<Integer> pids) throws CgroupException {
        addPids(directory, pids);
        if (!takenOver) {
            addUnmarkedPidsTo(pids);
        }
    }

    /** Adds likewise the pids of those of whom nobody knows whether they are the container's. */
    void addUnknownPidsTo(Set<Integer> pids) throws CgroupException {
        if (takenOver) {
            addUnmarkedPidsTo(pids);
        }
    }

    private void addUnmarkedPidsTo(Set<Integer> pids) throws CgroupException {
        walk("list the processes in ", LIMIT, new UnmarkedVisitor() {
            @Override
            public void visit(OpenDirectory cgroup) throws IOException {
                addPids(cgroup.path(), pids);
            }
        });
    }

    /** Adds likewise the pids of everybody's processes in it and below it. */
    void addAnybodysPidsTo(Set<Integer> pids, Duration limit) throws CgroupException {
        addPids(directory, pids);
        walk("list the processes in ", limit, new CgroupWalk.Visitor() {
            @Override
            public void visit(OpenDirectory cgroup) throws IOException {
                addPids(cgroup.path(), pids);
            }
        });
    }

    /** Whether cgroups below it are not, or not known to be, the container's. */
    boolean holdsOthers() throws CgroupException {
        if (takenOver) {
            return hasChildren();
        }
        OthersSearch search = new OthersSearch();
        walk("look for other containers in ", LIMIT, search);
        return search.found;
    }

    private static final class OthersSearch implements CgroupWalk.Visitor {
        private boolean found;

        @Override
        public boolean enters(OpenDirectory parent, byte[] name) throws IOException {
            found = found || CgroupLock.isMarked(parent, name);
            return !found;
        }
    }

    /**
     * Thaws it, with all below it that is the container's, in a hierarchy of cgroup v1 that has the freezer. Of what is
     * not, those cgroups are thawed that only processes are in which have got SIGKILL: a container's pid namespace ends
     * with all that it had, wherever it is frozen. So is the one that {@code init} is in, who begins that end.
     */
    void thaw(long init) throws CgroupException {
        thaw(directory);
        if (!takenOver) {
            walk("thaw ", LIMIT, new UnmarkedVisitor() {
                @Override
                public void visit(OpenDirectory cgroup) throws IOException {
                    thaw(cgroup.path());
                }
            });
        }
        walk("thaw ", LIMIT, new CgroupWalk.Visitor() {
            @Override
            public void visit(OpenDirectory cgroup) throws IOException {
                thawIfDying(cgroup.path(), init);
            }
        });
    }

    private static void thawIfDying(Path cgroup, long init) throws CgroupException {
        if (isThawed(new CgroupFile(cgroup, FREEZER_STATE).readIfPresent())) {
            return;
        }
        Set<Integer> pids = new HashSet<>();
        addPids(cgroup, pids);
        if (pids.contains((int) init) || DyingProcesses.areAll(pids)) {
            thaw(cgroup);
        }
    }

    private static boolean isThawed(Optional<String> state) {
        return state.isEmpty() || state.get().equals(THAWED);
    }

    private static void thaw(Path cgroup) throws CgroupException {
        CgroupFile state = new CgroupFile(cgroup, FREEZER_STATE);
        if (isThawed(state.readIfPresent())) {
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

    /** Removes a single cgroup if it is there and nothing is in it; the kernel does not let go of any other. */
    static void removeIfEmpty(Path directory) {
        try {
            Files.delete(directory);
        } catch (IOException inUse) {
            // Then it is somebody's.
            return;
        }
    }

    /**
     * Removes the cgroup if nothing is in it.
     *
     * @return empty if it is gone, else what the kernel said about it
     */
    Optional<String> removeItself() {
        try {
            Files.delete(directory);
            return Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException error) {
            return Optional.of(Failures.reason(error));
        }
    }

    /** Takes a visitor through all cgroups below it, whosever they are. */
    void walk(String purpose, Duration limit, CgroupWalk.Visitor visitor) throws CgroupException {
        if (!hasChildren()) {
            return;
        }
        try {
            CgroupWalk.below(directory, visitor, limit);
        } catch (IOException error) {
            throw new CgroupException(
                    purpose + "the cgroups below " + directory + ": " + Failures.reason(error), error);
        }
    }

    /** kernfs counts a directory's links as most file systems do: two, and one for each directory in it. */
    boolean hasChildren() throws CgroupException {
        try {
            return (int) Files.getAttribute(directory, "unix:nlink", NOFOLLOW_LINKS) > 2;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + Failures.reason(error), error);
        }
    }

    private static void addPids(Path cgroup, Set<Integer> pids) throws CgroupException {
        Path procs = cgroup.resolve("cgroup.procs");
        try {
            KernelFile.read(procs).lines().map(Integer::valueOf).forEach(pids::add);
        } catch (IOException error) {
            if (!CgroupFile.isGone(procs, error) && !isThreaded(cgroup)) {
                throw new CgroupException("read " + procs + ": " + Failures.reason(error), error);
            }
        }
    }

    /** Then its list of processes cannot be read: they are in that of the domain above it. */
    private static boolean isThreaded(Path cgroup) throws CgroupException {
        return new CgroupFile(cgroup, "cgroup.type").readIfPresent().equals(Optional.of("threaded"));
    }
}
