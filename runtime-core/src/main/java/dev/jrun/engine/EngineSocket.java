// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerIdentity;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.kernel.call.SocketDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * The only listening socket for an engine's key. It has no name in a directory: that is removed as soon as it is bound,
 * and the engine's place has a symbolic link to this process's own descriptor of it, {@code /proc/PID/fd/N}. The kernel
 * lets only processes follow it that see this process under that number and may inspect it (ptrace(2),
 * "PTRACE_MODE_READ_FSCREDS"). A container is not among them, whatever directory of the host it was given.
 *
 * <p>The link is also what says whose the place is, so that there is no lock that somebody else could take.
 */
final class EngineSocket implements EnginePlace {

    /** Connections that wait to be accepted; more wait for their turn, for a while, and go cold. */
    static final int BACKLOG = 128;

    private static final int GROUP_AND_OTHER = 077;

    private final Path path;
    private final EngineLink link;
    private final ServerSocketChannel listener;
    private boolean closed;

    private EngineSocket(Path path, int inode, ServerSocketChannel listener) {
        this.path = path;
        this.link = new EngineLink(ProcessHandle.current().pid(), inode);
        this.listener = listener;
    }

    /**
     * Listens at {@code path}, in a directory that is made if need be and must be this user's alone.
     *
     * @param identity of this process
     * @return empty if another engine listens there
     * @throws IOException if the directory is not private, or something cannot be made
     */
    static Optional<EngineSocket> claim(Path path, PeerIdentity identity) throws IOException {
        makeDirectory(path.getParent());
        requirePrivate(path.getParent(), identity.uid());
        Optional<EngineLink> anothers = EngineLink.at(path);
        if (anothers.isPresent() && anothers.get().leadsToEngineOf(path, identity)) {
            return Optional.empty();
        }
        EngineSocket socket = listen(path);
        try {
            socket.putLink();
            EngineLink.removeThoseOfTheDead(path);
            return Optional.of(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Path hidden(Path path) {
        return EngineLink.hidden(path, ProcessHandle.current().pid());
    }

    private static EngineSocket listen(Path path) throws IOException {
        Path hidden = hidden(path);
        Files.deleteIfExists(hidden);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(hidden), BACKLOG);
            return new EngineSocket(path, LinuxCalls.open(hidden, (int) OpenFlags.O_PATH, 0), listener);
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    /** If two put theirs at once, one finds at its next look that it has lost the place. */
    private void putLink() throws IOException {
        Path next = hidden(path);
        Files.createSymbolicLink(next, link.target());
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
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

    @Override
    public Connections connections() throws IOException {
        return Connections.OfOwnSocket.of(listener);
    }

    @Override
    public boolean isKept() throws IOException {
        try {
            return Files.readSymbolicLink(path).equals(link.target());
        } catch (NoSuchFileException | NotLinkException e) {
            return false;
        }
    }

    /**
     * Leaves the place to the next engine, if it is not another's already. The descriptor stays, as this process does
     * not for long: who has just read the link finds a socket that nobody listens at, and not another file.
     */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (listener) {
            LinuxSocket.shutdown(new SocketDescriptor().of(listener));
            if (isKept()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
