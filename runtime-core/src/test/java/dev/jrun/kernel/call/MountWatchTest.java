// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountWatchTest {

    @TempDir
    Path directory;

    @Test
    void aMountAndItsEndAreSeenOnceEach() throws IOException, InterruptedException, LinuxException {
        assumeTrue(EffectiveUser.uid() == 0, "only root can mount anything here");
        MountWatch watch = MountWatch.start();

        assertFalse(watch.hasChanged());
        mount("mount", "-t", "tmpfs", "jrun-test", directory.toString());
        assertTrue(watch.hasChanged());
        assertFalse(watch.hasChanged());
        LinuxCalls.detach(directory);
        assertTrue(watch.hasChanged());
    }

    private static void mount(String... command) throws IOException, InterruptedException {
        assumeTrue(
                new ProcessBuilder(List.of(command)).inheritIO().start().waitFor() == 0, "nothing can be mounted here");
    }
}
