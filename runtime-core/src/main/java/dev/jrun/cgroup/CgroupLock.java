// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OpenDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The right to use an empty cgroup: a lock on one of its files, which the kernel releases when an engine dies, and
 * which works between engines with different state directories and mount namespaces. It is on a file that only the
 * cgroup's owner can open, and only for writing: anybody who may read a directory or file may also keep it locked.
 */
final class CgroupLock implements AutoCloseable {

    /**
     * Files of mode 0200, cgroups(7): of cgroup v2 since Linux 5.14, and of the v1 controllers blkio, devices and
     * memory.
     */
    private static final List<String> FILES =
            List.of("cgroup.kill", "blkio.reset_stats", "devices.deny", "memory.force_empty");

    /** S_ISVTX, inode(7): the mark of a cgroup that was made for a container. */
    static final int MADE_HERE = 01000;

    /**
     * S_ISUID, which means nothing of a directory: with the mark, of a cgroup that was there before, and was taken
     * over.
     */
    private static final int WAS_THERE = 04000;

    private static final int TAKEN_OVER = MADE_HERE | WAS_THERE;

    /** All bits that chmod(2) sets. */
    private static final int PERMISSIONS = 07777;

    private static final String MODE = "unix:mode";

    private final int descriptor;
    private final boolean taken;

    private CgroupLock(int descriptor, boolean taken) {
        this.descriptor = descriptor;
        this.taken = taken;
    }

    /**
     * Tries to take it, on the first of these directories that has a file for it.
     *
     * @return that file, and whether it {@link #isTaken}; empty where none has one, or it is not this process's to
     *     open: then there is no way to keep others out
     * @throws CgroupException if there is no way to tell
     */
    static Optional<CgroupLock> tryOn(List<Path> directories) throws CgroupException {
        for (Path directory : directories) {
            for (String name : FILES) {
                try {
                    return Optional.of(
                            lock(directory, LinuxCalls.open(directory.resolve(name), OpenFlags.O_WRONLY, 0)));
                } catch (LinuxException error) {
                    if (isDenied(error)) {
                        return Optional.empty();
                    }
                    if (!error.is(Errno.ENOENT)) {
                        throw new CgroupException(error.getMessage(), error);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isDenied(LinuxException error) {
        return error.is(Errno.EACCES) || error.is(Errno.EPERM) || error.is(Errno.EROFS);
    }

    private static CgroupLock lock(Path directory, int descriptor) throws CgroupException {
        try {
            return new CgroupLock(descriptor, LinuxCalls.tryLock(descriptor));
        } catch (LinuxException error) {
            LinuxCalls.close(descriptor);
            throw new CgroupException("lock " + directory + ": " + error.reason(), error);
        }
    }

    /** Whether it was free. */
    boolean isTaken() {
        return taken;
    }

    /** Whether nobody has it, as far as there is a way to tell. */
    static boolean isFree(Path directory) throws CgroupException {
        Optional<CgroupLock> lock = tryOn(List.of(directory));
        if (lock.isEmpty()) {
            return true;
        }
        try (CgroupLock held = lock.get()) {
            return held.isTaken();
        }
    }

    /** Whether a cgroup is there and was made for a container. */
    static boolean isMadeHere(Path directory) throws CgroupException {
        return (marks(directory) & TAKEN_OVER) == MADE_HERE;
    }

    /** Whether a cgroup is there and was made by somebody else, and is a container's now. */
    static boolean isTakenOver(Path directory) throws CgroupException {
        return (marks(directory) & TAKEN_OVER) == TAKEN_OVER;
    }

    /** Whether a cgroup is there and a container's, whoever made it. */
    static boolean isMarked(Path directory) throws CgroupException {
        return (marks(directory) & MADE_HERE) != 0;
    }

    /** Likewise, of one in {@code parent}. */
    static boolean isMarked(OpenDirectory parent, byte[] name) throws LinuxException {
        return (parent.mode(name) & MADE_HERE) != 0;
    }

    /** Its permissions; none if it is not there. */
    private static int marks(Path directory) throws CgroupException {
        try {
            return mode(directory);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + Failures.reason(error), error);
        }
    }

    /** Gives a cgroup that was made by somebody else the mark. */
    static void mark(Path directory) throws CgroupException {
        try {
            Files.setAttribute(directory, MODE, mode(directory) | TAKEN_OVER);
        } catch (IOException error) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "take over the cgroup " + directory + ": " + Failures.reason(error), error);
        }
    }

    /** Gives one that was made for a container by somebody else the mark of those that are made here. */
    static void markMade(Path directory) throws CgroupException {
        try {
            Files.setAttribute(directory, MODE, mode(directory) | MADE_HERE);
        } catch (IOException error) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "mark the cgroup " + directory + ": " + Failures.reason(error), error);
        }
    }

    /** Gives it back: takes the mark from it, if it is there. */
    static void unmark(Path directory) {
        try {
            Files.setAttribute(directory, MODE, mode(directory) & ~TAKEN_OVER);
        } catch (IOException gone) {
            // Then there is nothing to be given back.
            return;
        }
    }

    private static int mode(Path directory) throws IOException {
        return (int) Files.getAttribute(directory, MODE) & PERMISSIONS;
    }

    /** Whether it is still the one to take for these directories: none of them was made anew meanwhile. */
    boolean isInForce(List<Path> directories) throws CgroupException {
        Path own = Path.of("/proc/self/fd/" + descriptor);
        for (Path directory : directories) {
            for (String name : FILES) {
                try {
                    return Files.isSameFile(own, directory.resolve(name));
                } catch (NoSuchFileException none) {
                    continue;
                } catch (IOException error) {
                    throw new CgroupException("stat " + directory + ": " + Failures.reason(error), error);
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        LinuxCalls.close(descriptor);
    }
}
