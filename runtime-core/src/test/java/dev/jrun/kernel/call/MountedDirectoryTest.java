// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.kernel.OpenFlags;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountedDirectoryTest {

    @Test
    void isTheSameByEachPathAndNotAnother(@TempDir Path directory) throws Exception {
        String word = MountedDirectory.at(directory).word();
        assertEquals(
                word,
                MountedDirectory.at(directory.resolve("../" + directory.getFileName()))
                        .word());
        assertNotEquals(word, MountedDirectory.at(directory.getParent()).word());
        assertThrows(IOException.class, () -> MountedDirectory.at(directory.resolve("missing")));
    }

    @Test
    void anOlderKernelSaysTheSameOfItsMount(@TempDir Path directory) throws Exception {
        Path place = directory.toRealPath();
        String word = MountedDirectory.at(place).word();
        String older = MountedDirectory.byDescriptor(place).word();
        assertEquals(word.substring(word.lastIndexOf(':')), older.substring(older.lastIndexOf(':')));
    }

    @Test
    void differsWhereItIsMountedElsewhere() throws Exception {
        assumeTrue(EffectiveUser.uid() == 0, "to mount takes root");
        Process process = new ProcessBuilder(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount --bind / /mnt && exec chroot /mnt sh -c 'echo ready; read end'")
                .start();
        try {
            assumeTrue("ready".equals(process.inputReader().readLine()), "a mount namespace cannot be made here");
            Path elsewhere = Path.of("/proc/" + process.pid() + "/root");
            assertEquals(FileIdentity.of(Path.of("/")), FileIdentity.of(elsewhere));
            assertNotEquals(
                    MountedDirectory.at(Path.of("/")).word(),
                    MountedDirectory.at(elsewhere).word());
            assertNotEquals(
                    MountedDirectory.byDescriptor(Path.of("/")).word(),
                    MountedDirectory.byDescriptor(elsewhere).word());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void knowsWhatElseIsOnItsMount(@TempDir Path directory) throws Exception {
        int file = LinuxCalls.open(directory, (int) OpenFlags.O_PATH, 0);
        try {
            Path fdinfo = Path.of("/proc/self/fdinfo/" + file);
            assertTrue(MountedDirectory.at(directory.getParent()).isOnMountOf(fdinfo));
            assertTrue(!MountedDirectory.at(Path.of("/proc")).isOnMountOf(fdinfo));
        } finally {
            LinuxCalls.close(file);
        }
    }
}
