// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {

    private static final String NAME = "file";

    @TempDir
    Path temporary;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws Exception {
        directory = Files.createDirectory(temporary.resolve("own"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private boolean areOurs() throws LinuxException {
        try (OwnFiles files = OwnFiles.in(directory)) {
            return files.areOurs();
        }
    }

    private boolean hold(byte[] bytes) throws LinuxException {
        try (OwnFiles files = OwnFiles.in(directory)) {
            return files.hold(NAME, bytes);
        }
    }

    private void write(byte[] bytes) throws Exception {
        Files.write(directory.resolve(NAME), bytes);
    }

    @Test
    void areOnlyOursWhereNobodyElseMayPutAny() throws Exception {
        assertTrue(areOurs());
        for (String mode : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
            assertFalse(areOurs(), mode);
        }
    }

    @Test
    void areNotOursInADirectoryOfAnotherUser() throws Exception {
        int another = EffectiveUser.uid() == 0 ? 1 : 0;
        directory = another == 0 ? Path.of("/usr") : directory;
        if (another != 0) {
            Files.setAttribute(directory, "unix:uid", another);
        }
        assertFalse(areOurs());
    }

    @Test
    void holdWhatIsInThemByteForByte() throws Exception {
        for (int length : new int[] {0, 1, 8191, 8192, 8193, 100_000}) {
            byte[] bytes = new byte[length];
            Arrays.fill(bytes, (byte) 7);
            write(bytes);
            assertTrue(hold(bytes.clone()), "" + length);
            assertFalse(hold(Arrays.copyOf(bytes, length + 1)), length + " and one more");
            if (length > 0) {
                assertFalse(hold(Arrays.copyOf(bytes, length - 1)), length + " but one");
                bytes[length - 1] = 8;
                assertFalse(hold(bytes), length + " with another at the end");
            }
        }
    }

    @Test
    void holdNothingBehindALink() throws Exception {
        Files.writeString(directory.resolve("other"), "text");
        Files.createSymbolicLink(directory.resolve(NAME), Path.of("other"));
        assertThrows(LinuxException.class, () -> hold("text".getBytes()));

        Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
        assertThrows(LinuxException.class, () -> OwnFiles.in(link));
    }

    @Test
    void waitForNobody() throws Exception {
        Process made = new ProcessBuilder("mkfifo", directory.resolve(NAME).toString()).start();
        assertEquals(0, made.waitFor());
        assertFalse(hold(new byte[0]));
    }

    @Test
    void holdNothingThatIsNotThere() {
        assertThrows(LinuxException.class, () -> hold(new byte[0]));
    }
}
