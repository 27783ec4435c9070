// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LinuxMemoryTest {

    private static void fill(ByteBuffer buffer) {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 1);
        }
    }

    private static int sum(ByteBuffer buffer) {
        int sum = 0;
        for (int i = 0; i < buffer.capacity(); i++) {
            sum += buffer.get(i);
        }
        return sum;
    }

    @Test
    void memoryIsZeroedAlignedAndOnesOwn() {
        try (var memory = new LinuxMemory()) {
            ByteBuffer first = memory.allocate(5);
            fill(first);
            ByteBuffer second = memory.allocate(16);

            assertEquals(0, sum(second));
            assertEquals(0, LinuxMemory.address(second) % 8);
            assertTrue(LinuxMemory.address(second) >= LinuxMemory.address(first) + 5);
            fill(second);
            assertEquals(5, sum(first));
        }
        try (var memory = new LinuxMemory()) {
            assertEquals(0, sum(memory.allocate(32)));
        }
    }

    @Test
    void whatIsTakenWithinLeavesTheRestAlone() {
        try (var outer = new LinuxMemory()) {
            ByteBuffer kept = outer.allocate(24);
            fill(kept);
            try (var inner = new LinuxMemory()) {
                fill(inner.allocate(100));
            }
            fill(outer.allocate(100));
            assertEquals(24, sum(kept));
        }
    }

    @Test
    void thereIsRoomForMoreThanIsKept() {
        try (var memory = new LinuxMemory()) {
            ByteBuffer large = memory.allocate(100_000);
            ByteBuffer small = memory.allocate(8);
            fill(large);
            assertEquals(0, sum(small));
            assertEquals(100_000, large.capacity());
        }
    }
}
