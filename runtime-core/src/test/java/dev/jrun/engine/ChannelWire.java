// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.LinuxSocket;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** The end of a caller that is this very process. */
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
