// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.KernelCgroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Limits on cgroup v2, against the kernel. Where hierarchies of cgroup v1 have the controllers this is skipped, so see
 * {@code scripts/test-in-vm}.
 */
class UnifiedControllersTest {
    private final Controllers controllers = new Controllers();
    private KernelCgroups kernel;

    @BeforeEach
    void needControllers() throws IOException {
        kernel = KernelCgroups.unifiedOnly();
        Path root = kernel.unifiedRoot().orElseThrow();
        boolean complete = new CgroupFile(root, "cgroup.controllers")
                .readWords()
                .containsAll(Set.of("cpuset", "cpu", "io", "memory", "pids"));
        if (!complete) {
            System.out.println("skipped: cgroup v2 does not have all controllers here");
        }
        assumeTrue(complete);
    }

    @AfterEach
    void remove() throws IOException {
        kernel.close();
    }

    @Test
    void allLimitsAreSet() throws CgroupException {
        Cgroup cgroup = kernel.create("c");
        controllers.apply(cgroup, Limits.of("""
                {"memory": {"limit": 67108864, "swap": 134217728, "reservation": 33554432},
                 "cpu": {"shares": 1024, "quota": 50000, "period": 200000, "cpus": "0", "mems": "0"},
                 "pids": {"limit": 64}, "blockIO": {"weight": 500}}"""));

        assertEquals("67108864", read(cgroup, "memory.max"));
        assertEquals("67108864", read(cgroup, "memory.swap.max"));
        assertEquals("33554432", read(cgroup, "memory.low"));
        assertEquals("100", read(cgroup, "cpu.weight"));
        assertEquals("50000 200000", read(cgroup, "cpu.max"));
        assertEquals("0", read(cgroup, "cpuset.cpus"));
        assertEquals("0", read(cgroup, "cpuset.mems"));
        assertEquals("64", read(cgroup, "pids.max"));
        ControllerFiles io = ControllerFiles.of(cgroup, "blkio", "io");
        assertEquals(
                io.have("io.bfq.weight") ? "default 500" : "default 4950",
                read(cgroup, io.have("io.bfq.weight") ? "io.bfq.weight" : "io.weight"));
    }

    @Test
    void limitsAreChangedAndTakenAway() throws CgroupException {
        Cgroup cgroup = kernel.create("c");
        apply(cgroup, "{\"cpu\": {\"quota\": 50000, \"period\": 200000}, \"pids\": {\"limit\": 64}}");
        apply(cgroup, "{\"cpu\": {\"period\": 100000}, \"pids\": {\"limit\": -1}}");
        assertEquals("50000 100000", read(cgroup, "cpu.max"));
        assertEquals("max", read(cgroup, "pids.max"));
        apply(cgroup, "{\"cpu\": {\"quota\": 20000}}");
        assertEquals("20000 100000", read(cgroup, "cpu.max"));
        apply(cgroup, "{\"cpu\": {\"quota\": -1}}");
        assertEquals("max 100000", read(cgroup, "cpu.max"));
        apply(cgroup, "{\"memory\": {\"limit\": 67108864, \"swap\": 67108864}}");
        assertEquals("0", read(cgroup, "memory.swap.max"));
        apply(cgroup, "{\"memory\": {\"limit\": -1}}");
        assertEquals("max", read(cgroup, "memory.max"));
        assertEquals("max", read(cgroup, "memory.swap.max"));
    }

    @Test
    void cpusThatAreNotThereAreRefused() throws CgroupException {
        Cgroup cgroup = kernel.create("c");

        CgroupException refused =
                assertThrows(CgroupException.class, () -> apply(cgroup, "{\"cpu\": {\"cpus\": \"63\"}}"));
        assertEquals("/linux/resources/cpu/cpus", refused.pointer());
    }

    /** The kernel does not hand a controller down from a cgroup with processes in it; and what it is has to stay. */
    @Test
    void aCgroupWithProcessesGivesItsChildrenNoLimitsAndStaysADomain() throws IOException {
        Path parent = kernel.create("p").paths().unified().orElseThrow();
        kernel.run(List.of(parent), "exec cat");
        Cgroup child = kernel.create("p/c");
        assertEquals("domain", new CgroupFile(parent, "cgroup.type").read());
        assertEquals("", new CgroupFile(parent, "cgroup.subtree_control").read());

        kernel.runWaiting(child);
        for (String json : List.of("{\"memory\": {\"limit\": 67108864}}", "{\"pids\": {\"limit\": 64}}")) {
            CgroupException refused = assertThrows(CgroupException.class, () -> apply(child, json));
            assertTrue(
                    refused.getMessage().contains(parent + " does not hand the controller down"), refused.getMessage());
        }
    }

    private void apply(Cgroup cgroup, String json) throws CgroupException {
        controllers.apply(cgroup, Limits.of(json));
    }

    private static String read(Cgroup cgroup, String name) throws CgroupException {
        return new CgroupFile(cgroup.paths().unified().orElseThrow(), name).read();
    }
}
