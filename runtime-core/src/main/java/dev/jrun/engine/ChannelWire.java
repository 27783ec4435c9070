// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.kernel.call.SocketDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection that a server has accepted. */
final class ChannelWire implements Wire {

    /** NIO copies through a buffer outside the heap that it keeps, so that the pieces are to be small. */
    private static final int PIECE = 64 << 10;

    private final SocketChannel channel;

    ChannelWire(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, offset, Math.min(length, PIECE)));
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int end = offset + length;
        int position = offset;
        while (position < end) {
            position += channel.write(ByteBuffer.wrap(from, position, Math.min(end - position, PIECE)));
        }
    }

    @Override
    public boolean isClosedByPeer() throws IOException {
        return LinuxSocket.isClosedByPeer(new SocketDescriptor().of(channel));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
