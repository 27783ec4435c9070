// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.PlainCgroup;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written on cgroup v2. */
class CpuControllerTest {
    @TempDir
    Path root;

    /** What runc 1.3.2 makes of them, and every number between. */
    @ParameterizedTest
    @CsvSource({
        "0, 1",
        "1, 1",
        "2, 1",
        "3, 2",
        "10, 4",
        "100, 17",
        "102, 17",
        "512, 59",
        "1000, 99",
        "1024, 100",
        "2048, 174",
        "10240, 639",
        "20480, 1134",
        "262143, 10000",
        "262144, 10000",
        "262145, 10000",
        "-1, 10000"
    })
    void sharesBecomeAWeight(long shares, long weight) {
        assertEquals(weight, CpuController.weight(shares));
    }

    @Test
    void moreSharesAreNeverLessWeight() {
        for (long shares = 2; shares < 262_144; shares++) {
            assertTrue(CpuController.weight(shares) <= CpuController.weight(shares + 1), "at " + shares);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"shares": 1024}                           | 100   | ?
            {"shares": 18446744073709551615}           | 10000 | ?
            {"quota": 50000, "period": 100000}         | ?     | 50000 100000
            {"quota": 50000}                           | ?     | 50000
            {"quota": -1}                              | ?     | max
            {"quota": -1, "period": 20000}             | ?     | max 20000
            {"shares": 0, "quota": 0, "period": 0}     | ?     | ?
            """)
    void quotaAndPeriodAreOneFile(String json, String weight, String max) throws IOException {
        PlainCgroup cgroup =
                PlainCgroup.with(root, "cpu").file("cpu.weight", "?").file("cpu.max", "?");

        apply(cgroup, json);
        assertEquals(weight, cgroup.read("cpu.weight"));
        assertEquals(max, cgroup.read("cpu.max"));
    }

    @Test
    void aPeriodAloneKeepsTheQuota() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "cpu").file("cpu.max", "7000 90000");

        apply(cgroup, "{\"period\": 20000}");
        assertEquals("7000 20000", cgroup.read("cpu.max"));
    }

    private static void apply(PlainCgroup cgroup, String json) throws CgroupException {
        new CpuController().apply(cgroup.cgroup(), Limits.of("{\"cpu\": " + json + "}"));
    }
}
