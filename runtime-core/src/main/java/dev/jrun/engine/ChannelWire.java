// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.LinuxSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A connection that a server has accepted, by its descriptor: what NIO does for each read and write takes as long as the kernel. The
 * channel is in blocking mode. Whoever would end a read or write of another thread shuts the channel down, and does not close it.
 */
final class ChannelWire implements Wire {

    private final SocketChannel channel;
    private final int descriptor;

    /** @param descriptor of the channel */
    ChannelWire(SocketChannel channel, int descriptor) {
        this.channel = channel;
        this.descriptor = descriptor;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return LinuxSocket.receive(descriptor, into, offset, length);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        LinuxSocket.send(descriptor, from, offset, length);
    }

    @Override
    public boolean isClosedByPeer() throws IOException {
        return LinuxSocket.isClosedByPeer(descriptor);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
