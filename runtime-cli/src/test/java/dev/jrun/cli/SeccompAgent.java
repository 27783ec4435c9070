// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
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
        this.socket = call("socket", 1, 1, 0);
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment address = arena.allocate(110, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
        call("bind", socket, address, 110);
        call("listen", socket, 1);
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
            int connection = call("accept", socket, MemorySegment.NULL, MemorySegment.NULL);
            int listener = receive(connection);
            MemorySegment notification = arena.allocate(NOTIFICATION_SIZE, 8);
            call("ioctl", listener, RECEIVE, notification);
            MemorySegment response = arena.allocate(RESPONSE_SIZE, 8);
            response.set(ValueLayout.JAVA_LONG, 0, notification.get(ValueLayout.JAVA_LONG, 0));
            response.set(ValueLayout.JAVA_INT, 16, -errno);
            call("ioctl", listener, SEND, response);
            call.complete(notification.get(ValueLayout.JAVA_INT, 16));
            call("close", listener);
        } catch (RuntimeException | AssertionError e) {
            state.completeExceptionally(e);
            call.completeExceptionally(e);
        }
    }

    private int receive(int connection) {
        int size = 1 << 16;
        MemorySegment text = arena.allocate(size);
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(ValueLayout.ADDRESS, 0, text);
        vector.set(ValueLayout.JAVA_LONG, 8, size);
        MemorySegment control = arena.allocate(24, 8);
        MemorySegment message = arena.allocate(56, 8);
        message.set(ValueLayout.ADDRESS, 16, vector);
        message.set(ValueLayout.JAVA_LONG, 24, 1);
        message.set(ValueLayout.ADDRESS, 32, control);
        message.set(ValueLayout.JAVA_LONG, 40, 24);
        int length = call("recvmsg", connection, message, 0);
        state.complete(new String(text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8));
        return control.get(ValueLayout.JAVA_INT, 16);
    }

    /** Calls a function of the C library with its arguments as they are: int, long or pointer. */
    @SuppressWarnings("restricted")
    private static int call(String function, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = layout(arguments[i]);
        }
        MethodHandle handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        try {
            int result = (int) handle.invokeWithArguments(arguments);
            assertTrue(result >= 0, function + " failed");
            return result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        AddressLayout address = ValueLayout.ADDRESS;
        return switch (argument) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            default -> address;
        };
    }

    @Override
    public void close() {
        call("close", socket);
    }
}
