// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.LockOffset;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Orders the operations on one container. Between engines, by a lock on one byte of {@code <root>/.lock}, which the kernel takes
 * back when an engine dies; between the threads of this engine, which share that lock, by a lock of the JVM.
 *
 * <p>There is one file for all containers, and it stays, because a process loses its record locks on a file when it closes any
 * descriptor of it (fcntl_locking(2)), and because a file that is deleted with its container would have to be told from its
 * successor. Nobody but its owner may open it: a descriptor to read is enough for a lock that keeps all others out.
 *
 * <p>Whoever waits does so for a limited time, and only as long as its caller is there.
 */
public final class ContainerLocks {

    private static final String NAME = ".lock";

    private static final Set<OpenOption> OPEN = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /** Longer than any operation takes that does not wait for somebody else, such as a hook, itself. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Duration limit;

    /** Those that are open, by device and inode number. */
    private final Map<Object, LockFile> files = new HashMap<>();

    public ContainerLocks() {
        this(LIMIT);
    }

    /** @param limit how long to wait for a lock */
    public ContainerLocks(Duration limit) {
        this.limit = limit;
    }

    /** A lock of the JVM, and how many threads hold or wait for it. */
    private static final class Monitor {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /**
     * An open lock file, by whatever path, and how many operations use it. Only while one does it stays open: an engine must not keep a
     * file system from being unmounted.
     */
    private static final class LockFile {
        private final Object key;

        private final FileChannel channel;

        /** Opened for nothing, by another path. Closing one would lose the locks as well, so they are closed with that above. */
        private final List<FileChannel> others = new ArrayList<>(0);

        /** By the byte that they stand for. Two containers that share one only wait for each other. */
        private final Map<Long, Monitor> monitors = new HashMap<>();

        private int users;

        LockFile(Object key, FileChannel channel) {
            this.key = key;
            this.channel = channel;
        }
    }

    /** A lock that is held, or waited for. */
    public final class Held implements AutoCloseable {
        private final LockFile file;
        private final long offset;
        private final Monitor monitor;
        private boolean hasMonitor;
        private FileLock lock;

        private Held(LockFile file, long offset, Monitor monitor) {
            this.file = file;
            this.offset = offset;
            this.monitor = monitor;
        }

        /** Whether it came to be held in time. */
        private boolean await(LockWait wait) throws SessionBrokenException, IOException {
            hasMonitor = wait.until(monitor.lock);
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
                lock = file.channel.tryLock(offset, 1, false);
                return lock != null;
            } catch (OverlappingFileLockException otherInThisProcess) {
                return false;
            }
        }

        /** Whether it is still the file of that path: it may have been removed while this waited. */
        private boolean isOf(Path path) throws IOException {
            return file.key.equals(keyOf(path));
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
                    monitor.lock.unlock();
                }
                leave(this);
            }
        }
    }

    /** The file in which the containers of {@code root} are locked. */
    static Path file(Path root) {
        return root.resolve(NAME);
    }

    /** The byte of it that stands for a container. */
    static long offset(ContainerId id) {
        return LockOffset.of(id.text());
    }

    /**
     * Waits until no other operation on container {@code id} is under way, in this engine or another.
     *
     * @param root the directory of states; it exists
     * @param caller for whom
     * @throws ContainerException if the lock file cannot be used, or the other operation takes too long
     * @throws SessionBrokenException if the caller does not wait any more
     */
    public Held acquire(Path root, ContainerId id, Session caller) throws ContainerException, SessionBrokenException {
        Optional<Held> held = acquire(root, id, caller, limit);
        if (held.isEmpty()) {
            throw new ContainerException("cannot lock container " + id + ": another operation on it has not ended in "
                    + limit.toSeconds() + " s" + LockHolder.describe(file(root), offset(id)));
        }
        return held.get();
    }

    /** Waits likewise, {@code atMost} for so long; empty if the other operation takes longer. */
    public Optional<Held> acquire(Path root, ContainerId id, Session caller, Duration atMost)
            throws ContainerException, SessionBrokenException {
        try {
            SharedRoot.check(root);
            return acquire(file(root), offset(id), new LockWait(caller, atMost));
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            String message = "cannot lock container " + id + ": " + file(root) + ": " + Failures.reason(e);
            throw Failures.isAbsence(e) || Failures.isReadOnly(e)
                    ? new LostRootException(message, e)
                    : new ContainerException(message, e);
        }
    }

    private Optional<Held> acquire(Path path, long offset, LockWait wait) throws IOException {
        while (true) {
            Optional<Held> held = acquire(enter(path, offset), path, wait);
            if (held.isPresent() || !wait.pause()) {
                return held;
            }
        }
    }

    private static Optional<Held> acquire(Held wanted, Path path, LockWait wait) throws IOException {
        boolean isHeld = false;
        try {
            isHeld = wanted.await(wait) && wanted.isOf(path);
            return isHeld ? Optional.of(wanted) : Optional.empty();
        } finally {
            if (!isHeld) {
                wanted.close();
            }
        }
    }

    private synchronized Held enter(Path path, long offset) throws IOException {
        LockFile file = open(path);
        Monitor monitor = file.monitors.get(offset);
        if (monitor == null) {
            monitor = new Monitor();
            file.monitors.put(offset, monitor);
        }
        monitor.users++;
        file.users++;
        return new Held(file, offset, monitor);
    }

    /**
     * The file may have several paths (links, bind mounts), but must not be locked through two channels: to close one would lose the locks
     * of the other, fcntl_locking(2).
     */
    private LockFile open(Path path) throws IOException {
        LockFile known = files.get(keyOf(path));
        if (known != null) {
            return known;
        }
        FileChannel channel = FileChannel.open(path, OPEN, OwnFile.privateFile());
        try {
            return keep(channel, privateKeyOf(path));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private LockFile keep(FileChannel channel, Object key) {
        LockFile file = files.get(key);
        if (file == null) {
            file = new LockFile(key, channel);
            files.put(key, file);
        } else {
            file.others.add(channel);
        }
        return file;
    }

    /** Device and inode number; null if there is no such file. */
    private static Object keyOf(Path path) throws IOException {
        try {
            return OwnFile.regular(path).key();
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /** The same, of a file that nobody else can open afterwards. */
    private static Object privateKeyOf(Path path) throws IOException {
        OwnFile file = OwnFile.regular(path);
        if (!file.isPrivate()) {
            Files.setPosixFilePermissions(path, OwnFile.FILE_MODE);
        }
        return file.key();
    }

    private synchronized void leave(Held held) {
        LockFile file = held.file;
        held.monitor.users--;
        if (held.monitor.users == 0) {
            file.monitors.remove(held.offset);
        }
        file.users--;
        if (file.users == 0) {
            files.remove(file.key);
            close(file.channel);
            file.others.forEach(ContainerLocks::close);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a lock file", e);
        }
    }
}
