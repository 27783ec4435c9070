// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.kernel.call.SocketDescriptor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Connections to a listening socket. Several threads may wait for them. It is closed when none does any more. */
sealed interface Connections extends Closeable {

    /**
     * Waits for the next.
     *
     * @return a close-on-exec descriptor that blocks, or −1 if there will be no more
     * @throws IOException if it cannot be accepted, most likely since there are too many open files
     */
    int next() throws IOException;

    @Override
    void close();

    /**
     * To a socket that is this engine's alone. Whoever waits is told of its end by shutdown(2), since to close a
     * descriptor wakes nobody; so this is a descriptor of its own.
     */
    record OfOwnSocket(int descriptor) implements Connections {

        static OfOwnSocket of(ServerSocketChannel channel) throws IOException {
            return new OfOwnSocket(LinuxCalls.duplicate(new SocketDescriptor().of(channel)));
        }

        @Override
        public int next() throws IOException {
            try {
                return LinuxSocket.accept(descriptor);
            } catch (LinuxException e) {
                if (e.is(Errno.EINVAL)) {
                    return -1;
                }
                throw e;
            }
        }

        @Override
        public void close() {
            LinuxCalls.close(descriptor);
        }
    }

    /**
     * To a socket that goes on to listen for whoever gave it when this engine has ended: no call may end up here when
     * the channel is closed. NIO wakes those that wait then, for a few microseconds more with each connection.
     */
    record OfGivenSocket(ServerSocketChannel channel, SocketDescriptor descriptors) implements Connections {

        @Override
        public int next() throws IOException {
            try (SocketChannel connection = channel.accept()) {
                return LinuxCalls.duplicate(descriptors.of(connection));
            } catch (ClosedChannelException e) {
                return -1;
            }
        }

        /** By whoever has it. */
        @Override
        public void close() {}
    }
}
