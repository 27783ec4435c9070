// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.LinuxCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    @Test
    void whoHasThreadsInAThreadedCgroupIsFoundInTheOneAbove() throws IOException {
        Cgroup cgroup = kernel.create("c");
        Process process = kernel.runWaiting(cgroup);
        Path threads =
                Files.createDirectory(cgroup.paths().unified().orElseThrow().resolve("threads"));
        Files.writeString(threads.resolve("cgroup.type"), "threaded");
        Files.writeString(threads.resolve("cgroup.threads"), Long.toString(process.pid()));

        assertEquals(List.of((int) process.pid()), cgroup.processes().pids());
        cgroup.processes()
                .signalAll((signal, pids, members) -> LinuxCalls.kill(pids.getFirst(), signal.number()), Signal.KILL);
        assertTrue(cgroup.processes().awaitNone(Duration.ofSeconds(5)));
    }
}
