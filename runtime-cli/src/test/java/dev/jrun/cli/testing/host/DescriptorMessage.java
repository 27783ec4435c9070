// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** A message of a Unix socket, and a descriptor that came with it (0 if none did): recvmsg(2), cmsg(3). */
public record DescriptorMessage(String text, int descriptor) {

    private static final int LONGEST = 1 << 16;

    /** Waits for one; empty text if the other side is gone. */
    public static DescriptorMessage receive(int connection) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(LONGEST);
            MemorySegment vector = arena.allocate(16, 8);
            vector.set(ValueLayout.ADDRESS, 0, text);
            vector.set(ValueLayout.JAVA_LONG, 8, LONGEST);
            MemorySegment control = arena.allocate(24, 8);
            MemorySegment message = arena.allocate(56, 8);
            message.set(ValueLayout.ADDRESS, 16, vector);
            message.set(ValueLayout.JAVA_LONG, 24, 1);
            message.set(ValueLayout.ADDRESS, 32, control);
            message.set(ValueLayout.JAVA_LONG, 40, 24);
            int length = CLibrary.call("recvmsg", connection, message, 0);
            return new DescriptorMessage(
                    new String(text.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8),
                    control.get(ValueLayout.JAVA_INT, 16));
        }
    }
}
