// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerBusyException;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.LostRootException;
import dev.jrun.kernel.LockOffset;
import dev.jrun.kernel.call.Failures;
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
 * Orders the operations on one container. Between engines, by a lock on one byte of {@code <root>/.lock}, which the
 * kernel takes back when an engine dies; between the threads of this engine, which share that lock, by a lock of the
 * JVM.
 *
 * <p>There is one file for all containers, and it stays, because a process loses its record locks on a file when it
 * closes any descriptor of it (fcntl_locking(2)), and because a file that is deleted with its container would have to
 * be told from its successor. Nobody but its owner may open it: a descriptor to read is enough for a lock that keeps
 * all others out.
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

    /**
     * For those who look for and open a file, by its path: where a file system does not answer, the rest waits for a
     * limited time.
     */
    private final Map<Path, Monitor> openings = new HashMap<>();

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
     * An open lock file, by whatever path, and how many operations use it. Only while one does it stays open: an engine
     * must not keep a file system from being unmounted. It is known until it is closed, so that nobody opens it and
     * loses his locks by that.
     */
    private static final class LockFile {
        private final Object key;

        /**
         * The first is locked. To close one that was opened for nothing would lose the locks as well, so all are closed
         * in the end.
         */
        private final List<FileChannel> channels = new ArrayList<>(1);

        /** By the byte that they stand for. Two containers that share one only wait for each other. */
        private final Map<Long, Monitor> monitors = new HashMap<>();

        private int users;
        private boolean isClosing;

        LockFile(Object key) {
            this.key = key;
        }
    }

    /** A lock that is held, or waited for. */
    public final class Held implements AutoCloseable {
        private final LockFile file;
        private final FileChannel channel;
        private final long offset;
        private final Monitor monitor;
        private boolean hasMonitor;
        private FileLock lock;

        private Held(LockFile file, long offset, Monitor monitor) {
            this.file = file;
            this.channel = file.channels.getFirst();
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
                lock = channel.tryLock(offset, 1, false);
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
     * @throws ContainerBusyException if the other operation takes too long
     * @throws ContainerException if the lock file cannot be used
     * @throws SessionBrokenException if the caller does not wait any more
     */
    public Held acquire(Path root, ContainerId id, Session caller) throws ContainerException, SessionBrokenException {
        Optional<Held> held = acquire(root, id, caller, limit);
        if (held.isEmpty()) {
            throw new ContainerBusyException(
                    "cannot lock container " + id + ": another operation on it has not ended in " + limit.toSeconds()
                            + " s" + LockHolder.describe(file(root), offset(id)));
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
            Held wanted = enterAlone(path, offset, wait);
            Optional<Held> held = wanted == null ? Optional.empty() : acquire(wanted, path, wait);
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

    /**
     * Only one at a time waits for the file system that a path is on; null if that, or closing the file, has not ended
     * yet.
     */
    private Held enterAlone(Path path, long offset, LockWait wait) throws IOException {
        Monitor opening = use(path);
        boolean isAlone = false;
        try {
            isAlone = wait.until(opening.lock);
            return isAlone ? enter(path, offset) : null;
        } finally {
            if (isAlone) {
                opening.lock.unlock();
            }
            unuse(path, opening);
        }
    }

    private synchronized Monitor use(Path path) {
        return use(openings, path);
    }

    private synchronized void unuse(Path path, Monitor opening) {
        unuse(openings, path, opening);
    }

    private static <K> Monitor use(Map<K, Monitor> monitors, K key) {
        Monitor monitor = monitors.get(key);
        if (monitor == null) {
            monitor = new Monitor();
            monitors.put(key, monitor);
        }
        monitor.users++;
        return monitor;
    }

    private static <K> void unuse(Map<K, Monitor> monitors, K key, Monitor monitor) {
        monitor.users--;
        if (monitor.users == 0) {
            monitors.remove(key);
        }
    }

    /**
     * The file may have several paths (links, bind mounts), but must not be locked through two channels: to close one
     * would lose the locks of the other, fcntl_locking(2).
     */
    private Held enter(Path path, long offset) throws IOException {
        Object key = keyOf(path);
        if (key != null && isKnown(key)) {
            return enterKnown(key, offset);
        }
        FileChannel channel = FileChannel.open(path, OPEN, OwnFile.privateFile());
        try {
            key = privateKeyOf(path);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return keep(key, channel, offset);
    }

    private synchronized boolean isKnown(Object key) {
        return files.containsKey(key);
    }

    private synchronized Held keep(Object key, FileChannel channel, long offset) {
        LockFile file = files.get(key);
        if (file == null) {
            file = new LockFile(key);
            files.put(key, file);
        }
        file.channels.add(channel);
        return enterKnown(key, offset);
    }

    /** Null if it has just been closed, or is about to be. */
    private synchronized Held enterKnown(Object key, long offset) {
        LockFile file = files.get(key);
        if (file == null || file.isClosing) {
            return null;
        }
        file.users++;
        return new Held(file, offset, use(file.monitors, offset));
    }

    /** Device and inode number; null if there is no such file. */
    private static Object keyOf(Path path) throws IOException {
        try {
            return OwnFile.regular(path).onlyName().key();
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    /**
     * The same, of a file that nobody else can open afterwards. It has no other name, and in a root that
     * {@link SharedRoot} accepts nobody else can put something in its place, so it is the one whose mode is changed.
     */
    private static Object privateKeyOf(Path path) throws IOException {
        OwnFile file = OwnFile.regular(path).onlyName();
        if (!file.isPrivate()) {
            Files.setPosixFilePermissions(path, OwnFile.FILE_MODE);
        }
        return file.key();
    }

    private void leave(Held held) {
        if (isLast(held)) {
            closeAll(held.file);
        }
    }

    /** Whether nobody uses the file any more. */
    private synchronized boolean isLast(Held held) {
        LockFile file = held.file;
        unuse(file.monitors, held.offset, held.monitor);
        file.users--;
        file.isClosing = file.users == 0;
        return file.isClosing;
    }

    /** Even that may have to wait for the file system, close(2). */
    private void closeAll(LockFile file) {
        FileChannel channel = next(file);
        while (channel != null) {
            close(channel);
            channel = next(file);
        }
    }

    /** The next channel to be closed. With the last the file is forgotten. */
    private synchronized FileChannel next(LockFile file) {
        if (file.channels.isEmpty()) {
            files.remove(file.key);
            return null;
        }
        return file.channels.removeLast();
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException closed) {
            // It is closed all the same, close(2), and nothing was written to it.
        }
    }
}
