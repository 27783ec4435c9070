// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Listens on a {@code --console-socket} for any number of terminals, and keeps each until the next comes. */
final class ConsoleSink implements AutoCloseable {

    private final Path path;
    private final ServerSocketChannel socket;
    private volatile Closeable latest = () -> {};

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

    /**
     * A message that is not read holds the descriptors that come along, so that no terminal is hung up while its
     * container begins. unix(7).
     */
    private void serve() {
        try {
            while (true) {
                SocketChannel connection = socket.accept();
                latest.close();
                latest = connection;
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        latest.close();
        Files.delete(path);
    }
}
