// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.PlainCgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written on cgroup v2. */
class MemoryControllerTest {
    @TempDir
    Path root;

    private final MemoryController memory = new MemoryController();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"limit": 67108864}                          | 67108864 | ? | ?
            {"limit": 67108864, "swap": 134217728}       | 67108864 | ? | 67108864
            {"limit": 67108864, "swap": 67108864}        | 67108864 | ? | 0
            {"limit": 67108864, "swap": -1}              | 67108864 | ? | max
            {"limit": -1}                                | max      | ? | max
            {"limit": -1, "swap": 5}                     | max      | ? | 5
            {"swap": -1}                                 | ?   | ? | max
            {"reservation": 4096}                        | ?   | 4096 | ?
            {"reservation": -1}                          | ?   | max | ?
            {"limit": 0, "reservation": 0, "swap": 0}    | ?   | ? | ?
            {"disableOOMKiller": false}                  | ?   | ? | ?
            """)
    void swapAloneIsWhatTheSumHasBeyondTheLimit(String json, String max, String low, String swap) throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory")
                .file("memory.max", "?")
                .file("memory.low", "?")
                .file("memory.swap.max", "?");

        memory.apply(cgroup.cgroup(), Limits.of("{\"memory\": " + json + "}"));
        assertEquals(max, cgroup.read("memory.max"));
        assertEquals(low, cgroup.read("memory.low"));
        assertEquals(swap, cgroup.read("memory.swap.max"));
    }

    @Test
    void swapOfAnUnknownSumIsRefused() throws IOException {
        PlainCgroup cgroup =
                PlainCgroup.with(root, "memory").file("memory.max", "max").file("memory.swap.max", "max");

        CgroupException refused = refused(cgroup, "{\"swap\": 134217728}");
        assertEquals("/linux/resources/memory/swap", refused.pointer());
        assertTrue(refused.getMessage().contains("give memory.limit too"), refused.getMessage());
    }

    /** That of memory is not to be changed. */
    @Test
    void theSumAloneIsSplitByTheLimitThatThereIs() throws IOException {
        PlainCgroup cgroup =
                PlainCgroup.with(root, "memory").file("memory.max", "67108864").file("memory.swap.max", "max");

        memory.apply(cgroup.cgroup(), Limits.of("{\"memory\": {\"swap\": 134217728}}"));
        assertEquals("67108864", cgroup.read("memory.swap.max"));
        assertEquals("67108864", cgroup.read("memory.max"));
        CgroupException refused = refused(cgroup, "{\"swap\": 67108863}");
        assertEquals("/linux/resources/memory/swap", refused.pointer());
        assertTrue(refused.reason().endsWith("memory alone is limited to 67108864"), refused.getMessage());
    }

    @Test
    void noLimitOfSwapIsKeptWhereTheKernelCountsNone() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory").file("memory.max", "?");

        memory.apply(cgroup.cgroup(), Limits.of("{\"memory\": {\"limit\": -1, \"swap\": -1}}"));
        assertEquals("max", cgroup.read("memory.max"));
    }

    @Test
    void aControllerThatIsNotHandedDownIsNamed() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory");
        Files.writeString(cgroup.path().resolve("cgroup.controllers"), "cpu pids\n");

        assertEquals(
                "config.json#/linux/resources/memory/limit: memory controller: write \"4096\" to "
                        + cgroup.path().resolve("memory.max") + ": no such file or directory; " + root.resolve("a")
                        + " does not hand the controller down (cgroup.subtree_control);"
                        + " no process may be in a cgroup that does, unless it is the root",
                refused(cgroup, "{\"limit\": 4096}").getMessage());
    }

    @Test
    void aControllerThatIsNowhereIsNamed() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "pids");

        String message = refused(cgroup, "{\"limit\": 4096}").getMessage();
        assertTrue(message.contains("cgroup v2 does not have the controller here"), message);
    }

    @Test
    void aFileThatTheKernelDoesNotHaveIsNamed() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory");

        String message = refused(cgroup, "{\"reservation\": 4096}").getMessage();
        assertTrue(message.endsWith("this kernel has no memory.low"), message);
    }

    @Test
    void withoutAnyHierarchyTheFieldIsNamed() {
        CgroupException refused = assertThrows(
                CgroupException.class,
                () -> memory.apply(new Cgroup(CgroupDirectories.NONE), Limits.of("{\"memory\": {\"limit\": 4096}}")));
        assertEquals(
                "config.json#/linux/resources/memory/limit: memory controller:"
                        + " neither a hierarchy of cgroup v1 with it nor cgroup v2 is mounted",
                refused.getMessage());
    }

    @Test
    void killsAreCounted() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory");
        assertEquals(0, MemoryController.oomKills(cgroup.cgroup()));

        cgroup.file("memory.events", "low 0\noom 7\noom_kill 2\noom_group_kill 0");
        assertEquals(2, MemoryController.oomKills(cgroup.cgroup()));
    }

    private CgroupException refused(PlainCgroup cgroup, String json) {
        return assertThrows(
                CgroupException.class, () -> memory.apply(cgroup.cgroup(), Limits.of("{\"memory\": " + json + "}")));
    }
}
