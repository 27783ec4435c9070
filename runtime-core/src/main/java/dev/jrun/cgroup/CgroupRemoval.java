// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OpenDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt to remove a container's cgroups, with those that were made below them. There may be other containers'
 * cgroups below. These are removed only if such a container has ended, as a container that takes its place would do
 * (see {@link CgroupCreation}): the containers of an engine that ran in this one end with it, and leave theirs behind.
 */
final class CgroupRemoval {

    /** How long it may take to remove all cgroups of one that lives no more, and makes none. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Of the longest path that an error has in it. */
    private static final int NAMED = 256;

    /** That of another container which has not ended. */
    private Optional<String> spared = Optional.empty();

    /** What else keeps the cgroup, as an error says it. */
    String others() {
        return spared.isPresent() ? "; the cgroup of another container is in it: " + spared.get() : "";
    }

    /**
     * Removes a cgroup and all below it, as far as no process and no other container is in the way. The hierarchy that
     * a making is locked in comes first, see {@link CgroupLock}.
     *
     * @return empty if it is gone, else what the kernel said about it, such as "device or resource busy"
     */
    Optional<String> remove(CgroupTree tree) throws CgroupException {
        Optional<String> obstacle = tree.removeItself();
        if (obstacle.isPresent() && tree.hasChildren()) {
            // What cannot be removed stays; then the directory itself cannot be either, and says why.
            tree.walk("remove ", LIMIT, new Visitor());
            obstacle = tree.removeItself();
        }
        return obstacle;
    }

    private final class Visitor implements CgroupWalk.Visitor {
        private int depth;
        private boolean entersEnded;
        /** How deep the container is that has ended: all below it has ended, too. */
        private int ended = Integer.MAX_VALUE;

        @Override
        public boolean enters(OpenDirectory parent, byte[] name) throws IOException {
            entersEnded = depth < ended && CgroupLock.isMarked(parent, name);
            if (entersEnded && !hasEnded(parent, name)) {
                return false;
            }
            return !isRemoved(parent, name);
        }

        @Override
        public void visit(OpenDirectory cgroup) {
            depth++;
            if (entersEnded) {
                ended = depth;
            }
        }

        @Override
        public void leave(OpenDirectory parent, byte[] name) throws IOException {
            if (depth == ended) {
                ended = Integer.MAX_VALUE;
            }
            depth--;
            isRemoved(parent, name);
        }
    }

    /** Whether no process is in another container's cgroup or below it, nor is one about to be. */
    private boolean hasEnded(OpenDirectory parent, byte[] name) throws IOException {
        if (spared.isPresent()) {
            // What its lock is on may be in the hierarchy that was looked at before.
            return false;
        }
        Optional<OpenDirectory> opened = CgroupWalk.childIfPresent(parent, name);
        if (opened.isEmpty()) {
            return true;
        }
        try (OpenDirectory cgroup = opened.get()) {
            Set<Integer> pids = new HashSet<>();
            CgroupTree.whosever(cgroup.path()).addAnybodysPidsTo(pids, LIMIT);
            if (pids.isEmpty() && CgroupLock.isFree(cgroup.path())) {
                return true;
            }
            spared = Optional.of(name(cgroup));
            return false;
        }
    }

    private static String name(OpenDirectory cgroup) {
        try {
            String path = cgroup.path().toRealPath().toString();
            return path.length() <= NAMED ? path : path.substring(0, NAMED) + "…";
        } catch (IOException tooLong) {
            return "a path too long to be told";
        }
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
}
