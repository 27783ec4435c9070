// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.PlainCgroup;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written on cgroup v2. */
class CpusetControllerTest {
    @TempDir
    Path root;

    private PlainCgroup cgroup;

    @BeforeEach
    void make() throws IOException {
        cgroup = PlainCgroup.with(root, "cpuset")
                .file("cpuset.cpus", "")
                .file("cpuset.mems", "")
                .file("cpuset.mems.effective", "0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0-3     | 0-3
            0-3,7   | 1,3,7
            2, 4    | 4
            0-1000  | 0-1
            """)
    void aListIsTakenIfSomeOfItAreThere(String cpus, String effective) throws IOException {
        cgroup.file("cpuset.cpus.effective", effective);

        apply(cpus);
        assertEquals(cpus, cgroup.read("cpuset.cpus"));
        assertEquals("0", cgroup.read("cpuset.mems"));
    }

    /** The kernel says nothing then, and lets the container use whatever the cgroup above may. */
    @Test
    void aListOfWhichNoneIsThereIsRefused() throws IOException {
        cgroup.file("cpuset.cpus.effective", "0-1");

        CgroupException refused = assertThrows(CgroupException.class, () -> apply("5"));
        assertEquals(
                "config.json#/linux/resources/cpu/cpus: cpuset controller:"
                        + " none of \"5\" is there; the container would have 0-1",
                refused.getMessage());
    }

    private void apply(String cpus) throws CgroupException {
        new CpusetController()
                .apply(cgroup.cgroup(), Limits.of("{\"cpu\": {\"cpus\": \"" + cpus + "\", \"mems\": \"0\"}}"));
    }
}
