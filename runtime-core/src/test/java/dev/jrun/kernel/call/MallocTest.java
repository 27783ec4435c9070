// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MallocTest {

    private static final int PIECE = 16 << 10;
    private static final int PIECES = 2048;

    @Test
    void givesBackWhatWasFreed() throws IOException {
        try (Arena inUse = Arena.ofConfined()) {
            try (Arena freed = Arena.ofConfined()) {
                for (int n = 0; n < PIECES; n++) {
                    freed.allocate(PIECE).fill((byte) 1);
                }
                // Where memory in use follows, the C library keeps what is freed.
                inUse.allocate(PIECE);
            }
            long before = anonymousBytes();
            Malloc.trim();
            assertTrue(anonymousBytes() < before - PIECE * PIECES / 2, "is not given back");
        }
    }

    private static long anonymousBytes() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
                .filter(candidate -> candidate.startsWith("Anonymous:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
}
