// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With the hierarchy of cgroup v2 only. */
class UnifiedCgroupTest extends CgroupTest {
    UnifiedCgroupTest() throws IOException {
        super(KernelCgroups.unifiedOnly());
    }

    @Test
    void controllersAreHandedDown() throws IOException {
        Path directory = kernel.create("a/b").paths().unified().orElseThrow();
        Path root = kernel.host().lineage(directory).getFirst();

        assertEquals(
                new CgroupFile(root, "cgroup.controllers").readWords(),
                new CgroupFile(directory, "cgroup.controllers").readWords());
    }

    @Test
    void aThreadedPlaceIsRefused() throws IOException {
        Path parent = Files.createDirectories(kernel.place("t/p").unified().orElseThrow());
        Files.writeString(parent.resolve("cgroup.type"), "threaded");

        CgroupException refused = assertThrows(CgroupException.class, () -> kernel.create("t/p/c"));
        assertTrue(refused.getMessage().contains("threaded"), refused.getMessage());
    }
}
