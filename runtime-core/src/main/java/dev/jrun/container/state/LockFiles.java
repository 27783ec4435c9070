// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The lock files that this engine has open. A process loses its record locks on a file when it closes any descriptor of
 * it, fcntl_locking(2). So all threads share what is open of a file, and close it when none of them uses it.
 */
final class LockFiles {

    private static final Set<OpenOption> OPEN = Set.of(
            StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    /** Those that are open, by device and inode number. */
    private final Map<Object, LockFile> files = new HashMap<>();

    /**
     * For those who look for and open a file, by its path: where a file system does not answer, the rest waits for a
     * limited time.
     */
    private final Map<Path, Monitor> openings = new HashMap<>();

    /** A lock of the JVM, and how many threads hold or wait for it. */
    static final class Monitor {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;

        ReentrantLock lock() {
            return lock;
        }
    }

    /**
     * An open lock file, by whatever path, and how many operations use it. Only while one does it stays open: an engine
     * must not keep a file system from being unmounted. It is known until it is closed, so that nobody opens it and
     * loses his locks by that.
     */
    static final class LockFile {
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

        private LockFile(Object key) {
            this.key = key;
        }

        /** Device and inode number. */
        Object key() {
            return key;
        }

        /** The one to lock. */
        FileChannel channel() {
            return channels.getFirst();
        }
    }

    /**
     * Only one at a time waits for the file system that a path is on; null if that, or closing the file, has not ended
     * yet.
     */
    HeldLock enterAlone(Path path, long offset, LockWait wait) throws IOException {
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
    private HeldLock enter(Path path, long offset) throws IOException {
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

    private synchronized HeldLock keep(Object key, FileChannel channel, long offset) {
        LockFile file = files.get(key);
        if (file == null) {
            file = new LockFile(key);
            files.put(key, file);
        }
        file.channels.add(channel);
        return enterKnown(key, offset);
    }

    /** Null if it has just been closed, or is about to be. */
    private synchronized HeldLock enterKnown(Object key, long offset) {
        LockFile file = files.get(key);
        if (file == null || file.isClosing) {
            return null;
        }
        file.users++;
        return new HeldLock(this, file, offset, use(file.monitors, offset));
    }

    /** Device and inode number; null if there is no such file. */
    static Object keyOf(Path path) throws IOException {
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

    /** Who has entered does not need it any more. */
    void leave(LockFile file, long offset, Monitor monitor) {
        if (isLast(file, offset, monitor)) {
            closeAll(file);
        }
    }

    /** Whether nobody uses the file any more. */
    private synchronized boolean isLast(LockFile file, long offset, Monitor monitor) {
        unuse(file.monitors, offset, monitor);
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
