// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class KernelFileTest {

    @TempDir
    Path directory;

    /** With the native library and without it, the same is read. */
    private static void assertIsRead(Path file) throws IOException {
        String text = Files.readString(file);
        LinuxCalls.load();
        assertEquals(text, KernelFile.read(file));
        assertEquals(text, KernelFile.readByChannel(file));
    }

    @Test
    void filesThatSayTheyAreEmptyAreRead() throws IOException {
        Path file = Path.of("/proc/self/cgroup");
        assertEquals(0, Files.size(file));
        assertIsRead(file);
    }

    @Test
    void longOnesAreReadToTheirEnd() throws IOException {
        for (int length : new int[] {0, 4095, 4096, 4097, 8191, 8192, 8193, 20_000}) {
            Path file = Files.writeString(directory.resolve("f"), "é".repeat(length / 2) + "x".repeat(length % 2));
            assertIsRead(file);
        }
    }

    @Test
    void aMissingOneIsCalledSo() {
        LinuxCalls.load();
        Path none = directory.resolve("none");
        for (Executable reading : reading(none)) {
            assertEquals(
                    none.toString(),
                    assertThrows(NoSuchFileException.class, reading).getFile());
        }
    }

    @Test
    void whatCannotBeReadIsNamed() {
        LinuxCalls.load();
        for (Executable reading : reading(directory)) {
            IOException error = assertThrows(IOException.class, reading);
            assertEquals("is a directory", Failures.reason(error));
        }
    }

    private static List<Executable> reading(Path file) {
        return List.of(() -> KernelFile.read(file), () -> KernelFile.readByChannel(file));
    }
}
