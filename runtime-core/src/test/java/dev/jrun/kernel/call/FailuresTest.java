// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FailuresTest {

    @TempDir
    private Path directory;

    private static void assertReason(Errno errno, Executable operation) {
        IOException error = assertThrows(IOException.class, operation);
        assertEquals(errno.message(), Failures.reason(error));
        assertTrue(Failures.is(error, errno));
        assertEquals(errno == Errno.ENOENT || errno == Errno.ENOTDIR, Failures.isAbsence(error));
    }

    @Test
    void whatTheJdkSaysInClassesOfItsOwnIsSaidInTheKernelsWords() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path missing = directory.resolve("missing");
        assertReason(Errno.ENOENT, () -> Files.readString(missing));
        assertReason(Errno.ENOTDIR, () -> Files.readString(file.resolve("below")));
        assertReason(Errno.ENOTDIR, () -> Files.newDirectoryStream(file));
        assertReason(Errno.EEXIST, () -> Files.createFile(file));
        assertReason(Errno.ENOTEMPTY, () -> Files.delete(directory));
        assertReason(Errno.EISDIR, () -> Files.readString(directory));
        assertReason(Errno.ENOENT, () -> LinuxCalls.openDirectory(missing));
    }

    @Test
    void aPathInAMessageIsLeftAsItIs() {
        assertEquals("bad thing in /Some/Path", Failures.reason(new IOException("Bad thing in /Some/Path")));
        assertEquals("", Failures.reason(new IOException("")));
        assertEquals("java.io.IOException", Failures.reason(new IOException()));
    }

    @Test
    void aDescriptionNamesTheFile() {
        Path missing = directory.resolve("Missing");
        IOException error = assertThrows(IOException.class, () -> Files.readString(missing));
        assertEquals(missing + ": no such file or directory", Failures.describe(error));
        assertEquals("short", Failures.describe(new IOException("short")));
    }

    @Test
    void anotherErrorIsNoAbsence() throws IOException {
        assertFalse(Failures.isAbsence(new LinuxException("open", Errno.EMFILE.number())));
        assertFalse(Failures.isReadOnly(new LinuxException("open", Errno.EMFILE.number())));
        assertTrue(Failures.isReadOnly(new LinuxException("open", Errno.EROFS.number())));
        assertEquals("error 524", Failures.reason(new LinuxException("bpf", 524)));
    }
}
