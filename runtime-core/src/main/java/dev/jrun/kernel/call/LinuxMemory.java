// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that system calls read and write. It lives as long as this object does, so a caller keeps it in a {@code try}
 * block around the call. If a thread has several, the latest is closed first.
 */
final class LinuxMemory implements AutoCloseable {

    /** What most calls need together, in bytes. */
    private static final int ROOM = 48 << 10;

    /**
     * Memory outside the heap takes much longer to get than most calls do, so each thread keeps some. Its position ends
     * what is used.
     */
    private static final ThreadLocal<ByteBuffer> ROOMS = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(ROOM));

    private final ByteBuffer room = ROOMS.get();
    private final int start = room.position();
    private final List<ByteBuffer> others = new ArrayList<>();

    /** Zeroed memory in the machine's byte order, aligned to 8. */
    ByteBuffer allocate(int size) {
        ByteBuffer part = allocateUsed(size);
        for (int i = 0; i < size; i++) {
            part.put(i, (byte) 0);
        }
        return part;
    }

    /** The same, with anything in it: for what the kernel writes. */
    ByteBuffer allocateUsed(int size) {
        int at = (room.position() + 7) & ~7;
        if (size > room.capacity() - at) {
            ByteBuffer other = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
            others.add(other);
            return other;
        }
        room.position(at + size);
        return room.slice(at, size).order(ByteOrder.nativeOrder());
    }

    ByteBuffer copyOf(byte[] bytes) {
        return allocate(bytes.length).put(0, bytes);
    }

    /** A string with its final NUL. */
    ByteBuffer string(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return allocate(bytes.length + 1).put(0, bytes);
    }

    /** Addresses of strings and a null pointer, as execve(2) wants its arguments. */
    ByteBuffer strings(List<String> texts) {
        ByteBuffer table = allocate(Long.BYTES * (texts.size() + 1));
        for (String text : texts) {
            table.putLong(address(string(text)));
        }
        return table.clear();
    }

    static long address(ByteBuffer buffer) {
        return DirectCall.address(buffer);
    }

    /** Ends the time in which the memory may be used; before this the garbage collector leaves it alone. */
    @Override
    public void close() {
        room.position(start);
        others.clear();
    }
}
