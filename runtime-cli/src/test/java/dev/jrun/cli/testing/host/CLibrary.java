// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

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

/** What tests need of the kernel and Java does not have. */
public final class CLibrary {

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int MSG_DONTWAIT = 0x40;
    private static final long LIMIT_SECONDS = 30;
    private static final int SOCKET_ADDRESS_SIZE = 110;

    private CLibrary() {}

    /** A Unix socket that listens at {@code path}. */
    public static int listen(Path path) {
        int socket = bound(SOCK_STREAM, path);
        call("listen", socket, 1);
        return socket;
    }

    /** A Unix socket that takes datagrams at {@code path}, for each of which to wait half a minute at most. */
    public static int datagrams(Path path) {
        int socket = bound(SOCK_DGRAM, path);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(2 * Long.BYTES, Long.BYTES);
            limit.set(ValueLayout.JAVA_LONG, 0, LIMIT_SECONDS);
            call("setsockopt", socket, SOL_SOCKET, SO_RCVTIMEO, limit, 2 * Long.BYTES);
        }
        return socket;
    }

    /** Sends datagrams to the socket at {@code path}, which nobody reads, until it takes no more. */
    public static void fill(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            int socket = call("socket", AF_UNIX, SOCK_DGRAM, 0);
            call("connect", socket, address(arena, path), SOCKET_ADDRESS_SIZE);
            MemorySegment datagram = arena.allocate(1);
            int sent = 0;
            while (invoke("send", socket, datagram, 1L, MSG_DONTWAIT) == 1) {
                sent++;
            }
            assertTrue(sent > 0, "nothing was sent to " + path);
            call("close", socket);
        }
    }

    private static int bound(int type, Path path) {
        int socket = call("socket", AF_UNIX, type, 0);
        try (Arena arena = Arena.ofConfined()) {
            call("bind", socket, address(arena, path), SOCKET_ADDRESS_SIZE);
        }
        return socket;
    }

    private static MemorySegment address(Arena arena, Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment address = arena.allocate(SOCKET_ADDRESS_SIZE, 8);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, ValueLayout.JAVA_BYTE, 2, name.length);
        return address;
    }

    /** Waits for a connection. */
    public static int accept(int socket) {
        return call("accept", socket, MemorySegment.NULL, MemorySegment.NULL);
    }

    /** Calls a function of the C library with its arguments as they are: int, long or pointer. */
    public static int call(String function, Object... arguments) {
        int result = invoke(function, arguments);
        assertTrue(result >= 0, function + " failed");
        return result;
    }

    @SuppressWarnings("restricted")
    private static int invoke(String function, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = layout(arguments[i]);
        }
        MethodHandle handle = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(function), FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts));
        try {
            return (int) handle.invokeWithArguments(arguments);
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
}
