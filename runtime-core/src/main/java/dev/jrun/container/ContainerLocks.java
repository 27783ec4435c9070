// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.LockOffset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Orders the operations on one container. Between engines, by a lock on one byte of {@code <root>/.lock}, which the kernel takes
 * back when an engine dies; between the threads of this engine, which share that lock, by a lock of the JVM.
 *
 * <p>There is one file for all containers, and it stays, because a process loses its record locks on a file when it closes any
 * descriptor of it (fcntl_locking(2)), and because a file that is deleted with its container would have to be told from its
 * successor.
 */
public final class ContainerLocks {

    private static final String NAME = ".lock";

    /** By {@link #key}. */
    private final Map<String, Monitor> monitors = new HashMap<>();

    private final Map<Path, LockFile> files = new HashMap<>();

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
     * @throws ContainerException if the lock file cannot be used
     */
    Held acquire(Path root, ContainerId id) throws ContainerException {
        try {
            // One directory may have several names, but one file must not be locked through two channels.
            return acquire(root.toRealPath(), offset(id));
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot lock container " + id + ": " + file(root) + ": " + Failures.reason(e), e);
        }
    }

    private Held acquire(Path root, long offset) throws IOException {
        String key = key(root, offset);
        Monitor monitor = enter(key);
        monitor.lock.lock();
        var held = new Held(root, key, monitor);
        try {
            held.file = enter(root);
            held.lock = held.file.channel.lock(offset, 1, false);
            return held;
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
        if (file == null || !Files.exists(path) || !fileKey(path).equals(file.key)) {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            file = new LockFile(channel, fileKey(path));
            files.put(root, file);
        }
        file.users++;
        return file;
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
