// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.terminal;

import dev.jrun.cli.testing.host.CLibrary;
import dev.jrun.cli.testing.host.DescriptorMessage;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Listens on a {@code --console-socket}, as conmon and containerd do, for one terminal. */
public final class ConsoleListener implements AutoCloseable {

    private final Path path;
    private final int socket;
    private final CompletableFuture<List<DescriptorMessage>> messages = new CompletableFuture<>();

    private ConsoleListener(Path path) {
        this.path = path;
        this.socket = CLibrary.listen(path);
    }

    public static ConsoleListener at(Path path) {
        var listener = new ConsoleListener(path);
        Thread.ofPlatform().daemon().start(listener::serve);
        return listener;
    }

    /** The option that names it. */
    public String path() {
        return path.toString();
    }

    private void serve() {
        try {
            int connection = CLibrary.accept(socket);
            DescriptorMessage first = DescriptorMessage.receive(connection);
            messages.complete(List.of(first, DescriptorMessage.receive(connection)));
            CLibrary.call("close", connection);
        } catch (RuntimeException | AssertionError e) {
            messages.completeExceptionally(e);
        }
    }

    /** What was sent, up to the end of the connection. */
    public List<DescriptorMessage> messages() {
        return messages.join();
    }

    /** The terminal that was sent. */
    public TerminalMaster terminal() {
        return new TerminalMaster(messages().getFirst().descriptor());
    }

    @Override
    public void close() {
        CLibrary.call("close", socket);
    }
}
