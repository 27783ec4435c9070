// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.KernelCgroups;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LegacyMemoryControllerTest extends LegacyControllerTest {
    private static final String NO_LIMIT = "9223372036854771712";

    LegacyMemoryControllerTest() {
        super(new MemoryController());
    }

    private void assertLimits(String limit, String sum) throws CgroupException {
        assertEquals(limit, read("memory.limit_in_bytes"));
        assertEquals(sum, read("memory.memsw.limit_in_bytes"));
    }

    @Test
    void allThreeAreSet() throws CgroupException {
        apply("{\"memory\": {\"limit\": 67108864, \"swap\": 134217728, \"reservation\": 33554432}}");
        assertLimits("67108864", "134217728");
        assertEquals("33554432", read("memory.soft_limit_in_bytes"));
    }

    @Test
    void withoutSwapTheSumHasNoLimit() throws CgroupException {
        apply("{\"memory\": {\"limit\": 67108864}}");
        assertLimits("67108864", NO_LIMIT);
    }

    /** Each pair of values is impossible with one of the pair before. */
    @Test
    void bothLimitsCanBeRaisedAndLoweredAndTakenAway() throws CgroupException {
        apply("{\"memory\": {\"limit\": 67108864, \"swap\": 67108864}}");
        assertLimits("67108864", "67108864");
        apply("{\"memory\": {\"limit\": 134217728, \"swap\": 268435456}}");
        assertLimits("134217728", "268435456");
        apply("{\"memory\": {\"limit\": 33554432, \"swap\": 67108864}}");
        assertLimits("33554432", "67108864");
        apply("{\"memory\": {\"limit\": 134217728, \"swap\": -1}}");
        assertLimits("134217728", NO_LIMIT);
        apply("{\"memory\": {\"limit\": 33554432, \"swap\": 33554432}}");
        apply("{\"memory\": {\"limit\": -1}}");
        assertLimits(NO_LIMIT, NO_LIMIT);
        apply("{\"memory\": {\"limit\": 33554432, \"swap\": 33554432}}");
        apply("{\"memory\": {\"limit\": -1, \"swap\": -1, \"reservation\": -1}}");
        assertLimits(NO_LIMIT, NO_LIMIT);
        assertEquals(NO_LIMIT, read("memory.soft_limit_in_bytes"));
    }

    @Test
    void whatOnlyCgroupV1HasIsSet() throws CgroupException {
        apply(
                "{\"memory\": {\"kernelTCP\": 1048576, \"swappiness\": 7, \"disableOOMKiller\": true, \"useHierarchy\": true}}");
        assertEquals("1048576", read("memory.kmem.tcp.limit_in_bytes"));
        assertEquals("7", read("memory.swappiness"));
        assertEquals(
                "oom_kill_disable 1",
                read("memory.oom_control").lines().toList().getFirst());
        assertEquals("1", read("memory.use_hierarchy"));
    }

    /** Without it the limit would be tried, and processes that are in the way might end. */
    @Test
    void aLimitBelowWhatIsUsedIsRefusedIfTheDocumentAsksForThat() throws Exception {
        kernel().runWaiting(cgroup());
        CgroupException refused = assertThrows(
                CgroupException.class, () -> apply("{\"memory\": {\"limit\": 4096, \"checkBeforeUpdate\": true}}"));
        assertEquals("/linux/resources/memory/limit", refused.pointer());
        assertTrue(refused.getMessage().endsWith("; refused because checkBeforeUpdate is set"));
        assertEquals(NO_LIMIT, read("memory.limit_in_bytes"));
        apply("{\"memory\": {\"limit\": 67108864, \"checkBeforeUpdate\": true}}");
        assertEquals("67108864", read("memory.limit_in_bytes"));
    }

    @Test
    void aSumBelowTheLimitIsRefusedWithIt() {
        assertRefused(
                "{\"memory\": {\"swap\": 67108864}}",
                "/linux/resources/memory/swap",
                "write \"67108864\" to DIR/memory.memsw.limit_in_bytes: invalid argument; memory.limit_in_bytes is "
                        + NO_LIMIT);
    }

    @Test
    void aLimitAboveTheSumIsRefusedWithIt() throws CgroupException {
        apply("{\"memory\": {\"limit\": 33554432, \"swap\": 67108864}}");
        assertRefused(
                "{\"memory\": {\"limit\": 134217728}}",
                "/linux/resources/memory/limit",
                "write \"134217728\" to DIR/memory.limit_in_bytes: invalid argument;"
                        + " memory.usage_in_bytes is 0; memory.memsw.limit_in_bytes is 67108864");
    }

    @Test
    void aLimitThatIsExceededAlreadyIsRefused() throws IOException {
        // The shell keeps it in a variable.
        Process process = kernel().run(
                        cgroup().paths().all(), "x=$(head -c 16000000 /dev/zero | tr '\\0' x); echo full; read line");
        assertEquals("full", KernelCgroups.output(process).readLine());

        CgroupException refused = assertThrows(CgroupException.class, () -> apply("{\"memory\": {\"limit\": 4096}}"));
        assertEquals("/linux/resources/memory/limit", refused.pointer());
        assertTrue(
                refused.getMessage().contains(": device or resource busy; memory.usage_in_bytes is "),
                refused.getMessage());
    }

    @Test
    void killsAreCounted() throws IOException {
        assertEquals(0, MemoryController.oomKills(cgroup()));
        apply("{\"memory\": {\"limit\": 8388608, \"swap\": 8388608}}");
        Process process = kernel().run(cgroup().paths().all(), "x=$(head -c 64000000 /dev/zero | tr '\\0' x); echo $?");
        process.onExit().join();

        assertTrue(MemoryController.oomKills(cgroup()) > 0);
    }
}
