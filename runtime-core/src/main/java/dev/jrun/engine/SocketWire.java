// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.LinuxSocket;
import java.io.IOException;

/**
 * A conversation over a socket, without the JDK's channels: NIO's work for each read and write takes as long as the
 * kernel's.
 */
record SocketWire(LinuxSocket socket) implements Wire {

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return socket.read(into, offset, length);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        socket.write(from, offset, length);
    }

    @Override
    public boolean isClosedByPeer() throws IOException {
        return socket.isClosedByPeer();
    }

    @Override
    public void close() {
        socket.close();
    }
}
