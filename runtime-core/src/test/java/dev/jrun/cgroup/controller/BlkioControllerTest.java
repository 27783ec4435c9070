// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
class BlkioControllerTest {
    private static final String UNTOUCHED = "?";

    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 1", "100, 910", "500, 4950", "1000, 10000"})
    void weightsAreStretchedForTheCostModel(int weight, String expected) throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io").file("io.weight", UNTOUCHED);

        apply(cgroup, weight);
        assertEquals(expected, cgroup.read("io.weight"));
    }

    @Test
    void bfqTakesThemAsTheyAre() throws IOException {
        PlainCgroup cgroup =
                PlainCgroup.with(root, "io").file("io.weight", UNTOUCHED).file("io.bfq.weight", UNTOUCHED);

        apply(cgroup, 300);
        assertEquals("300", cgroup.read("io.bfq.weight"));
        assertEquals(UNTOUCHED, cgroup.read("io.weight"));
    }

    @Test
    void zeroIsNoWeight() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io").file("io.weight", UNTOUCHED);

        apply(cgroup, 0);
        assertEquals(UNTOUCHED, cgroup.read("io.weight"));
    }

    @Test
    void aKernelWithoutWeightsIsSaidToHaveNone() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io");

        CgroupException refused = assertThrows(CgroupException.class, () -> apply(cgroup, 300));
        assertEquals("/linux/resources/blockIO/weight", refused.pointer());
        assertTrue(refused.getMessage().endsWith("this kernel has no io.weight"), refused.getMessage());
    }

    private static void apply(PlainCgroup cgroup, int weight) throws CgroupException {
        new BlkioController().apply(cgroup.cgroup(), Limits.of("{\"blockIO\": {\"weight\": " + weight + "}}"));
    }
}
