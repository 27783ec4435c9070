// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/** The lock of a container that an operation holds, or waits for; {@link ContainerLocks}. */
public final class HeldLock implements AutoCloseable {
    private final LockFiles files;
    private final LockFiles.LockFile file;
    private final FileChannel channel;
    private final long offset;
    private final LockFiles.Monitor monitor;
    private boolean hasMonitor;
    private FileLock lock;

    HeldLock(LockFiles files, LockFiles.LockFile file, long offset, LockFiles.Monitor monitor) {
        this.files = files;
        this.file = file;
        this.channel = file.channel();
        this.offset = offset;
        this.monitor = monitor;
    }

    /** Whether it came to be held in time. */
    boolean await(LockWait wait) throws SessionBrokenException, IOException {
        hasMonitor = wait.until(monitor.lock());
        if (!hasMonitor) {
            return false;
        }
        while (!isTakenFromOthers()) {
            if (!wait.pause()) {
                return false;
            }
        }
        return true;
    }

    private boolean isTakenFromOthers() throws IOException {
        try {
            lock = channel.tryLock(offset, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException otherInThisProcess) {
            return false;
        }
    }

    /** Whether it is still the file of that path: it may have been removed while this waited. */
    boolean isOf(Path path) throws IOException {
        return file.key().equals(LockFiles.keyOf(path));
    }

    @Override
    public void close() {
        try {
            if (lock != null) {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock byte " + offset + " of a lock file", e);
        } finally {
            if (hasMonitor) {
                monitor.lock().unlock();
            }
            files.leave(file, offset, monitor);
        }
    }
}
