// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Listens on a {@code --console-socket} for any number of terminals, and hangs up each. */
final class ConsoleSink implements AutoCloseable {

    private final Path path;
    private final ServerSocketChannel socket;

    private ConsoleSink(Path path) throws IOException {
        this.path = path;
        this.socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path));
    }

    static ConsoleSink at(Path path) throws IOException {
        var sink = new ConsoleSink(path);
        Thread.ofPlatform().daemon().start(sink::serve);
        return sink;
    }

    String path() {
        return path.toString();
    }

    /** What read(2) does with descriptors that come along is to drop them: unix(7). */
    private void serve() {
        try {
            while (true) {
                try (SocketChannel connection = socket.accept()) {
                    ByteBuffer received = ByteBuffer.allocate(1 << 10);
                    while (connection.read(received) >= 0) {
                        received.clear();
                    }
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Files.delete(path);
    }
}
