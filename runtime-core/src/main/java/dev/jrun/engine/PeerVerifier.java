// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Linux;
import dev.jrun.kernel.LinuxException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.util.OptionalInt;

/**
 * Finds out whether a caller has the same rights and sees the same world as the engine. The name of the socket proves
 * nothing: a container may have been given the directory that it is in.
 */
final class PeerVerifier {

    private final ProcessIdentity own;
    private final SocketDescriptor descriptor = new SocketDescriptor();

    PeerVerifier(ProcessIdentity own) throws IOException {
        this.own = own;
    }

    /**
     * Loads what verifying takes. The first callers do not wait for it then, and if it cannot be had that is known
     * before anybody connects.
     *
     * @throws IOException if callers cannot be verified here
     */
    void prepare() throws IOException {
        try (SocketChannel unconnected = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            Linux.peerCredentials(descriptor.of(unconnected));
        }
        own.peer((int) ProcessHandle.current().pid());
    }

    /**
     * The pid of the process that made the connection, if it is alive and the engine's equal; else empty.
     *
     * <p>The pid is looked at through /proc while a pidfd holds on to the process: if the process still exists after
     * all has been read, then what was read was not about another one that was given its number.
     */
    OptionalInt verify(SocketChannel channel) {
        try {
            int socket = descriptor.of(channel);
            int pid = Linux.peerCredentials(socket).pid();
            if (pid <= 0) {
                return OptionalInt.empty();
            }
            int pidfd = pidfd(socket, pid);
            try {
                boolean equal = own.peer(pid).equals(own);
                Linux.pidfdSendSignal(pidfd, 0);
                return equal ? OptionalInt.of(pid) : OptionalInt.empty();
            } finally {
                Linux.close(pidfd);
            }
        } catch (IOException e) {
            // It has ended, or may not be looked into: it has more rights than the engine.
            return OptionalInt.empty();
        }
    }

    /** Before Linux 6.5 a socket does not hold on to its peer. What follows is about one process nevertheless. */
    private static int pidfd(int socket, int pid) throws LinuxException {
        try {
            return Linux.peerPidfd(socket);
        } catch (LinuxException e) {
            if (!e.is(Errno.ENOPROTOOPT)) {
                throw e;
            }
            return Linux.pidfdOpen(pid);
        }
    }
}
