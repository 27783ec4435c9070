// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.LockOffset;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The one listening socket of an engine's key, with the lock that says whose it is. */
final class EngineSocket implements Closeable {

    /** Connections that wait to be accepted; more are refused (and go cold). */
    static final int BACKLOG = 128;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int GROUP_AND_OTHER = 077;

    /**
     * One file for all engines, each of which locks a byte of it: a file for each would stay behind in a directory that
     * lives as long as the machine runs.
     */
    private static final String LOCK = ".lock";

    private final Path path;
    private final FileChannel lock;
    private final ServerSocketChannel listener;

    private EngineSocket(Path path, FileChannel lock, ServerSocketChannel listener) {
        this.path = path;
        this.lock = lock;
        this.listener = listener;
    }

    /**
     * Listens at {@code path}, in a directory that is made if need be and must be this user's alone.
     *
     * @param uid of this process
     * @return empty if another engine listens there
     * @throws IOException if the directory is not private, or something cannot be made
     */
    static Optional<EngineSocket> claim(Path path, int uid) throws IOException {
        makeDirectory(path.getParent());
        requirePrivate(path.getParent(), uid);
        FileChannel lock = FileChannel.open(
                path.resolveSibling(LOCK),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            FileLock held = lock.tryLock(LockOffset.of(path.getFileName().toString()), 1, false);
            if (held == null) {
                lock.close();
                return Optional.empty();
            }
            // Whoever holds the lock may: the engine that made this file has ended.
            Files.deleteIfExists(path);
            return Optional.of(new EngineSocket(path, lock, bind(path)));
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static ServerSocketChannel bind(Path path) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, OWNER_ONLY);
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    /** Its parent may hold other users' directories, so that these may pass, and no more. */
    private static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        make(directory.getParent(), "rwx--x--x");
        make(directory, "rwx------");
    }

    private static void make(Path directory, String mode) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        } catch (FileAlreadyExistsException e) {
            // It may have come into being in between. Whether it will do is looked at next.
        }
    }

    private static void requirePrivate(Path directory, int uid) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(directory, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
        if (!Boolean.TRUE.equals(attributes.get("isDirectory"))
                || (int) attributes.get("uid") != uid
                || ((int) attributes.get("mode") & GROUP_AND_OTHER) != 0) {
            throw new IOException(directory + " is not a directory that only user " + uid + " may enter");
        }
    }

    ServerSocketChannel listener() {
        return listener;
    }

    /**
     * Removes the socket and lets the next engine have its place. The order matters: as long as the lock is held the
     * file can only be ours.
     */
    @Override
    public void close() throws IOException {
        if (lock.isOpen()) {
            try (lock;
                    listener) {
                Files.deleteIfExists(path);
            }
        }
    }
}
