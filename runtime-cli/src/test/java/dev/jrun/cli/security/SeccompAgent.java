// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.security;

import dev.jrun.cli.testing.host.CLibrary;
import dev.jrun.cli.testing.host.DescriptorMessage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Listens for one listener of a seccomp filter and answers one notification of it: seccomp_unotify(2). */
final class SeccompAgent implements AutoCloseable {

    private static final long RECEIVE = 0xc0502100L;
    private static final long SEND = 0xc0182101L;
    private static final int NOTIFICATION_SIZE = 80;
    private static final int RESPONSE_SIZE = 24;

    private final Arena arena = Arena.ofShared();
    private final int socket;
    private final CompletableFuture<String> state = new CompletableFuture<>();
    private final CompletableFuture<Integer> call = new CompletableFuture<>();

    private SeccompAgent(Path path) {
        this.socket = CLibrary.listen(path);
    }

    /** Begins to listen; the first notification is answered with {@code errno}. */
    static SeccompAgent at(Path path, int errno) {
        var agent = new SeccompAgent(path);
        Thread.ofPlatform().daemon().start(() -> agent.serve(errno));
        return agent;
    }

    /** The container's process state. */
    String state() {
        return state.join();
    }

    /** The number of the system call that was answered. */
    int systemCall() {
        return call.join();
    }

    private void serve(int errno) {
        try {
            int connection = CLibrary.accept(socket);
            int listener = receive(connection);
            MemorySegment notification = arena.allocate(NOTIFICATION_SIZE, 8);
            CLibrary.call("ioctl", listener, RECEIVE, notification);
            MemorySegment response = arena.allocate(RESPONSE_SIZE, 8);
            response.set(ValueLayout.JAVA_LONG, 0, notification.get(ValueLayout.JAVA_LONG, 0));
            response.set(ValueLayout.JAVA_INT, 16, -errno);
            CLibrary.call("ioctl", listener, SEND, response);
            call.complete(notification.get(ValueLayout.JAVA_INT, 16));
            CLibrary.call("close", listener);
        } catch (RuntimeException | AssertionError e) {
            state.completeExceptionally(e);
            call.completeExceptionally(e);
        }
    }

    private int receive(int connection) {
        DescriptorMessage message = DescriptorMessage.receive(connection);
        state.complete(message.text());
        return message.descriptor();
    }

    @Override
    public void close() {
        CLibrary.call("close", socket);
    }
}
