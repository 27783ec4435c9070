// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.LockOffset;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
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

    /** By {@link #key}. */
    private final Map<String, Monitor> monitors = new HashMap<>();

    private final Map<Path, LockFile> files = new HashMap<>();

    ContainerLocks() {
        this(LIMIT);
    }

    /** @param limit how long to wait for a lock */
    ContainerLocks(Duration limit) {
        this.limit = limit;
    }

    /** A lock of the JVM, and how many threads hold or wait for it. */
    private static final class Monitor {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /**
     * An open lock file, which file it was, and how many operations use it. Only while one does it stays open: an engine must not
     * keep a file system from being unmounted.
     */
    private static final class LockFile {
        private final FileChannel channel;
        private final Object key;
        private int users;

        LockFile(FileChannel channel, Object key) {
            this.channel = channel;
            this.key = key;
        }
    }

    /** A lock that is held. */
    public final class Held implements AutoCloseable {
        private final String key;
        private final Path root;
        private final Monitor monitor;
        private LockFile file;
        private FileLock lock;

        private Held(Path root, String key, Monitor monitor) {
            this.root = root;
            this.key = key;
            this.monitor = monitor;
        }

        @Override
        public void close() {
            try {
                if (lock != null) {
                    lock.release();
                }
                if (file != null) {
                    leave(root, file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlock " + key, e);
            } finally {
                monitor.lock.unlock();
                leave(key, monitor);
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
    Held acquire(Path root, ContainerId id, Session caller) throws ContainerException, SessionBrokenException {
        Optional<Held> held = acquire(root, id, caller, limit);
        if (held.isEmpty()) {
            throw new ContainerException("cannot lock container " + id + ": another operation on it has not ended in "
                    + limit.toSeconds() + " s" + LockHolder.describe(file(root), offset(id)));
        }
        return held.get();
    }

    /** Waits likewise, {@code atMost} for so long; empty if the other operation takes longer. */
    Optional<Held> acquire(Path root, ContainerId id, Session caller, Duration atMost)
            throws ContainerException, SessionBrokenException {
        try {
            // One directory may have several names, but one file must not be locked through two channels.
            return acquire(root.toRealPath(), offset(id), new LockWait(caller, atMost));
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            String message = "cannot lock container " + id + ": " + file(root) + ": " + Failures.reason(e);
            throw Failures.isAbsence(e) || Failures.isReadOnly(e)
                    ? new LostRootException(message, e)
                    : new ContainerException(message, e);
        }
    }

    private Optional<Held> acquire(Path root, long offset, LockWait wait) throws IOException {
        String key = key(root, offset);
        Monitor monitor = enter(key);
        boolean mine = false;
        try {
            mine = wait.until(monitor.lock);
        } finally {
            if (!mine) {
                leave(key, monitor);
            }
        }
        return mine ? acquireFromOthers(new Held(root, key, monitor), offset, wait) : Optional.empty();
    }

    private Optional<Held> acquireFromOthers(Held held, long offset, LockWait wait) throws IOException {
        try {
            held.file = enter(held.root);
            while (true) {
                held.lock = held.file.channel.tryLock(offset, 1, false);
                if (held.lock != null) {
                    return Optional.of(held);
                }
                if (!wait.pause()) {
                    held.close();
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }

    /** A byte of a lock file. Two containers that share one only wait for each other. */
    private static String key(Path root, long offset) {
        return root + ":" + offset;
    }

    private synchronized Monitor enter(String key) {
        Monitor monitor = monitors.get(key);
        if (monitor == null) {
            monitor = new Monitor();
            monitors.put(key, monitor);
        }
        monitor.users++;
        return monitor;
    }

    private synchronized void leave(String key, Monitor monitor) {
        monitor.users--;
        if (monitor.users == 0) {
            monitors.remove(key);
        }
    }

    private synchronized LockFile enter(Path root) throws IOException {
        Path path = file(root);
        LockFile file = files.get(root);
        if (file == null || Files.notExists(path) || !fileKey(path).equals(file.key)) {
            file = open(path);
            files.put(root, file);
        }
        file.users++;
        return file;
    }

    private static LockFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, OPEN, OwnFile.privateFile());
        try {
            OwnFile.regular(path).makePrivate();
            return new LockFile(channel, fileKey(path));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private synchronized void leave(Path root, LockFile file) throws IOException {
        file.users--;
        if (file.users == 0) {
            files.remove(root, file);
            file.channel.close();
        }
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.getAttribute(path, "fileKey");
    }
}
