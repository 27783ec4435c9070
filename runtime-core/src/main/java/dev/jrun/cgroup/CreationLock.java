// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The right to use a cgroup that is being made, in all hierarchies. All who make the same cgroup do so in the same
 * order, so that a {@link CgroupLock} on the first directory that can be locked is enough.
 */
final class CreationLock implements AutoCloseable {

    private Optional<CgroupLock> lock = Optional.empty();
    /** What another making has locked. */
    private Optional<Path> contested = Optional.empty();

    /**
     * Takes it on this directory, unless there was one before that could be locked.
     *
     * @throws CgroupException if another making has it
     */
    void takeOn(Path directory) throws CgroupException {
        if (lock.isPresent()) {
            return;
        }
        lock = CgroupLock.tryOn(List.of(directory));
        if (lock.isPresent() && !lock.get().isTaken()) {
            contested = Optional.of(directory);
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "container's cgroup is being made for another container: " + directory);
        }
    }

    /**
     * Makes sure that it still is the one to take for these directories.
     *
     * @throws CgroupException if any of them was made anew meanwhile
     */
    void check(List<Path> directories) throws CgroupException {
        if (!isInForce(directories)) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "container's cgroup was removed and made anew by somebody else: " + directories);
        }
    }

    private boolean isInForce(List<Path> directories) throws CgroupException {
        if (lock.isPresent()) {
            return lock.get().isInForce(directories);
        }
        // Where there was nothing to lock there must be nothing now.
        lock = CgroupLock.tryOn(directories);
        return lock.isEmpty();
    }

    /** Whether another making has it on this directory, or had. */
    boolean isContested(Path directory) {
        return contested.equals(Optional.of(directory));
    }

    /**
     * Removes such a directory if nothing is in it. As long as another making has it locked, it is that one's to use or
     * to remove, whoever made it.
     */
    void removeContested(Path directory) {
        close();
        try {
            lock = CgroupLock.tryOn(List.of(directory));
            if (lock.isEmpty() || lock.get().isTaken()) {
                CgroupTree.removeIfEmpty(directory);
            }
        } catch (CgroupException unknown) {
            // Then it may be in use.
            return;
        }
    }

    /** Lets others take it. It can be taken anew. */
    @Override
    public void close() {
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
    }
}
