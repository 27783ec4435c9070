// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFileTest {

    @TempDir
    Path directory;

    @Test
    void filesThatSayTheyAreEmptyAreRead() throws IOException {
        Path file = Path.of("/proc/self/cgroup");
        assertEquals(0, Files.size(file));
        assertEquals(Files.readString(file), KernelFile.read(file));
    }

    @Test
    void longOnesAreReadToTheirEnd() throws IOException {
        for (int length : new int[] {0, 4095, 4096, 4097, 20_000}) {
            Path file = Files.writeString(directory.resolve("f"), "é".repeat(length / 2) + "x".repeat(length % 2));
            assertEquals(Files.readString(file), KernelFile.read(file));
        }
    }

    @Test
    void aMissingOneIsCalledSo() {
        assertThrows(NoSuchFileException.class, () -> KernelFile.read(directory.resolve("none")));
    }
}
