// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Pointer;

/**
 * Memory that system calls read and write. It lives as long as this object does, so a caller keeps it in a {@code try}
 * block around the call.
 */
final class LinuxMemory implements AutoCloseable {
    private final List<ByteBuffer> buffers = new ArrayList<>();

    /** Zeroed memory in the machine's byte order. */
    ByteBuffer allocate(int size) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
        buffers.add(buffer);
        return buffer;
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
        return Pointer.wrap(Libc.Loaded.RUNTIME, buffer).address();
    }

    /** Ends the time in which the memory may be used; before this the garbage collector leaves it alone. */
    @Override
    public void close() {
        buffers.clear();
    }
}
