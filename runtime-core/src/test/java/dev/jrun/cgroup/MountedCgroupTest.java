// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In the layout that this machine has: cgroup v1, hybrid, or v2. */
class MountedCgroupTest extends CgroupTest {
    MountedCgroupTest() throws IOException {
        super(KernelCgroups.asMounted());
    }

    @Test
    void cpusAndMemoryNodesAreInheritedOnCgroupV1() throws IOException {
        Optional<Path> cpuset = kernel.place("a/b/c").legacy("cpuset");
        assumeTrue(cpuset.isPresent(), "no cpuset controller of cgroup v1");
        kernel.create("a/b/c");
        Path root = kernel.host().lineage(cpuset.get()).getFirst();

        for (String name : new String[] {"cpuset.cpus", "cpuset.mems"}) {
            String inherited = Files.readString(cpuset.get().resolve(name)).strip();
            assertFalse(inherited.isEmpty());
            assertEquals(Files.readString(root.resolve(name)).strip(), inherited);
        }
    }
}
