// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Linux;
import dev.jrun.kernel.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The right to make use of a cgroup that is empty: flock(2) on its directory, which the kernel takes back when an engine dies, and
 * which works between engines with different state directories.
 */
final class CgroupLock implements AutoCloseable {

    /** S_ISVTX, inode(7): the mark of a cgroup that was made for a container. */
    static final int MADE_HERE = 01000;

    /** All bits that chmod(2) sets. */
    private static final int PERMISSIONS = 07777;

    private static final String MODE = "unix:mode";

    private final Path directory;
    private final int descriptor;

    private CgroupLock(Path directory, int descriptor) {
        this.directory = directory;
        this.descriptor = descriptor;
    }

    /**
     * Takes it, unless somebody else has it or there is no such directory any more.
     *
     * @throws CgroupException if there is no way to tell
     */
    static Optional<CgroupLock> tryOn(Path directory) throws CgroupException {
        int descriptor;
        try {
            descriptor = Linux.openDirectory(directory);
        } catch (LinuxException error) {
            if (error.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw new CgroupException(error.getMessage(), error);
        }
        try {
            Linux.flock(descriptor, Linux.LOCK_EX | Linux.LOCK_NB);
            return Optional.of(new CgroupLock(directory, descriptor));
        } catch (LinuxException error) {
            Linux.close(descriptor);
            if (error.is(Errno.EAGAIN)) {
                return Optional.empty();
            }
            throw new CgroupException("lock " + directory + ": " + error.reason(), error);
        }
    }

    /** Whether a cgroup is there and was made for a container. */
    static boolean isMadeHere(Path directory) throws CgroupException {
        try {
            return ((int) Files.getAttribute(directory, MODE) & MADE_HERE) != 0;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + CgroupException.reason(error), error);
        }
    }

    /** Gives a cgroup that was made by somebody else the mark. */
    static void mark(Path directory) throws CgroupException {
        try {
            Files.setAttribute(directory, MODE, mode(directory) | MADE_HERE);
        } catch (IOException error) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "take over the cgroup " + directory + ": " + CgroupException.reason(error),
                    error);
        }
    }

    /** Takes the mark from it, if it is there. */
    static void unmark(Path directory) {
        try {
            Files.setAttribute(directory, MODE, mode(directory) & ~MADE_HERE);
        } catch (IOException gone) {
            // Then there is nothing to be given back.
            return;
        }
    }

    private static int mode(Path directory) throws IOException {
        return (int) Files.getAttribute(directory, MODE) & PERMISSIONS;
    }

    /** Whether the directory is still the one that was locked. */
    boolean isInForce() throws CgroupException {
        try {
            return Files.isSameFile(Path.of("/proc/self/fd/" + descriptor), directory);
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + CgroupException.reason(error), error);
        }
    }

    @Override
    public void close() {
        Linux.close(descriptor);
    }
}
