// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.peer;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.SocketDescriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.OptionalInt;

/**
 * Finds out whether a caller has the same rights and sees the same world as the engine. The name of the socket proves
 * nothing: a container may have been given the directory that it is in.
 */
public final class PeerVerifier {

    /** The peer has shut down its writing half, or all; poll(2). */
    private final PeerIdentity own;

    private final int uid;

    /** @param own identity of this process */
    public PeerVerifier(PeerIdentity own) {
        this.own = own;
        this.uid = own.uid();
    }

    /**
     * Loads what verifying takes. The first callers do not wait for it then, and if it cannot be had that is known
     * before anybody connects.
     *
     * @throws IOException if callers cannot be verified here
     */
    public void prepare() throws IOException {
        try (SocketChannel unconnected = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            LinuxCalls.peerCredentials(new SocketDescriptor().of(unconnected));
        }
        own.isOf((int) ProcessHandle.current().pid());
    }

    /**
     * The pid of the process that made the connection, if it is this user's and in a pid namespace that this process
     * sees; else empty. It takes one system call to say.
     */
    public OptionalInt ofOurUser(int connection) {
        try {
            LinuxCalls.PeerCredentials peer = LinuxCalls.peerCredentials(connection);
            return peer.uid() == uid && peer.pid() > 0 ? OptionalInt.of(peer.pid()) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** Whether the caller still waits for an answer to what it sent: one that has waited too long writes no more. */
    public boolean stillWrites(int connection) {
        try {
            return (LinuxCalls.poll(connection, Poll.POLLRDHUP) & Poll.POLLRDHUP) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether the process that made the connection is alive and the engine's equal.
     *
     * <p>The pid is looked at through /proc while a pidfd holds on to the process: if the process still exists after
     * all has been read, then what was read was not about another one that was given its number.
     *
     * @param pid the one that {@link #ofOurUser} says
     */
    public boolean isEqual(int connection, int pid) {
        try {
            int pidfd = pidfd(connection, pid);
            try {
                boolean equal = own.isOf(pid);
                LinuxCalls.pidfdSendSignal(pidfd, 0);
                return equal;
            } finally {
                LinuxCalls.close(pidfd);
            }
        } catch (IOException e) {
            // It has ended, or may not be looked into: it has more rights than the engine.
            return false;
        }
    }

    /** Before Linux 6.5 a socket does not hold on to its peer. What follows is about one process nevertheless. */
    private static int pidfd(int socket, int pid) throws LinuxException {
        try {
            return LinuxCalls.peerPidfd(socket);
        } catch (LinuxException e) {
            if (!e.is(Errno.ENOPROTOOPT)) {
                throw e;
            }
            return LinuxCalls.pidfdOpen(pid);
        }
    }
}
