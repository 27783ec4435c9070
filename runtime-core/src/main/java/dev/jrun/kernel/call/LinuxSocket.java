// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connected stream socket that is not the JDK's, such as an end of {@link LinuxCalls#socketpair}. For use by one
 * thread at a time. recv(2), send(2).
 */
public final class LinuxSocket implements Closeable {
    /** As much as a thread keeps room for ({@link LinuxMemory}). */
    private static final int PIECE = 32 << 10;

    private final int descriptor;
    private boolean closed;

    /** @param descriptor which this object closes */
    public LinuxSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Waits for bytes. Blocks the thread, and the carrier of a virtual one.
     *
     * @return how many were read, at least 1; −1 if the peer has closed its end
     */
    public int read(byte[] into, int offset, int length) throws IOException {
        return receive(open(), into, offset, length);
    }

    /**
     * The same of any connected stream socket that blocks.
     *
     * <p>It waits in poll(2). Who waits in recv(2) is woken as well each time that the peer has read something, since
     * there is room to write again; that costs both of them more than the two calls that this takes.
     */
    public static int receive(int socket, byte[] into, int offset, int length) throws LinuxException {
        int piece = Math.min(length, PIECE);
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer buffer = memory.allocateUsed(piece);
            long address = LinuxMemory.address(buffer);
            long count = receiveAtOnce(socket, address, piece);
            if (count < 0 && LinuxCalls.lastError() == Errno.EAGAIN.number()) {
                ByteBuffer pollfd = LinuxCalls.pollfd(memory, socket, Poll.POLLIN);
                do {
                    awaitReady(pollfd);
                    count = receiveAtOnce(socket, address, piece);
                } while (count < 0 && LinuxCalls.lastError() == Errno.EAGAIN.number());
            }
            LinuxCalls.check("recv", count);
            buffer.get(0, into, offset, (int) count);
            return count == 0 ? -1 : (int) count;
        }
    }

    private static long receiveAtOnce(int socket, long address, int length) {
        long count;
        do {
            count = LinuxCalls.call(Syscall.RECVFROM, socket, address, length, SocketFlags.MSG_DONTWAIT);
        } while (count < 0 && LinuxCalls.lastError() == Errno.EINTR.number());
        return count;
    }

    /** For as long as it takes. An error is for the call that follows to find. */
    private static void awaitReady(ByteBuffer pollfd) throws LinuxException {
        long count = LinuxCalls.call(Syscall.PPOLL, LinuxMemory.address(pollfd), 1, 0);
        if (count >= 0 || LinuxCalls.lastError() != Errno.EINTR.number()) {
            LinuxCalls.check("poll", count);
        }
    }

    /** Writes all of the bytes; EPIPE is an error and no signal. */
    public void write(byte[] from, int offset, int length) throws IOException {
        send(open(), from, offset, length);
    }

    /** The same to any connected stream socket that blocks. */
    public static void send(int socket, byte[] from, int offset, int length) throws LinuxException {
        int end = offset + length;
        int position = offset;
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer buffer = memory.allocateUsed(Math.min(length, PIECE));
            long address = LinuxMemory.address(buffer);
            while (position < end) {
                int piece = Math.min(end - position, PIECE);
                buffer.put(0, from, position, piece);
                long count = LinuxCalls.call(Syscall.SENDTO, socket, address, piece, SocketFlags.MSG_NOSIGNAL);
                if (count >= 0 || LinuxCalls.lastError() != Errno.EINTR.number()) {
                    position += (int) LinuxCalls.check("send", count);
                }
            }
        }
    }

    /**
     * Waits for a connection to a socket that listens; accept(2). Of several threads that wait, the kernel wakes one
     * for each connection.
     *
     * @return a close-on-exec descriptor that blocks
     * @throws LinuxException with EINVAL if it listens no more
     */
    public static int accept(int listener) throws LinuxException {
        long connection = acceptOnce(listener);
        while (connection < 0 && mayComeLater(listener, LinuxCalls.lastError())) {
            connection = acceptOnce(listener);
        }
        return (int) LinuxCalls.check("accept", connection);
    }

    private static long acceptOnce(int listener) {
        return LinuxCalls.call(Syscall.ACCEPT4, listener, 0, 0, SocketFlags.SOCK_CLOEXEC);
    }

    /** A socket that was inherited may not block. */
    private static boolean mayComeLater(int listener, int error) throws LinuxException {
        if (error == Errno.EAGAIN.number()) {
            try (LinuxMemory memory = new LinuxMemory()) {
                awaitReady(LinuxCalls.pollfd(memory, listener, Poll.POLLIN));
            }
            return true;
        }
        return error == Errno.EINTR.number() || error == Errno.ECONNABORTED.number();
    }

    /**
     * Ends what anybody sends or receives over a connection, or that a socket listens, whoever has a descriptor of it;
     * shutdown(2).
     */
    public static void shutdown(int socket) throws LinuxException {
        LinuxCalls.check("shutdown", LinuxCalls.call(Syscall.SHUTDOWN, socket, SocketFlags.SHUT_RDWR, 0));
    }

    /** Whether the peer has closed its end, whatever it sent before. */
    public boolean isClosedByPeer() throws IOException {
        return isClosedByPeer(open());
    }

    /** The same of any connected stream socket of unix(7). */
    public static boolean isClosedByPeer(int socket) throws LinuxException {
        return (LinuxCalls.poll(socket, Poll.POLLRDHUP) & (Poll.POLLRDHUP | Poll.POLLHUP)) != 0;
    }

    private int open() throws IOException {
        if (closed) {
            throw new IOException("the socket is closed");
        }
        return descriptor;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LinuxCalls.close(descriptor);
        }
    }
}
