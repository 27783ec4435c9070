// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.PlainCgroup;
import dev.jrun.cgroup.writing.RevocableWriting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
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

    /** A plain file keeps what is written to it, where the kernel would keep the rest. */
    @Test
    void ofEachDeviceItsOwnLineIsPutBack() throws IOException {
        assertPutBack(
                "io.max",
                "8:0 rbps=1 wbps=max riops=2 wiops=max\n8:16 rbps=5 wbps=6 riops=7 wiops=8",
                """
                {"blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 16, "rate": 9}]}}""",
                "8:16 rbps=9",
                "8:16 rbps=5 wbps=6 riops=7 wiops=8");
        assertPutBack(
                "io.max",
                "8:0 rbps=1 wbps=max riops=2 wiops=max",
                """
                {"blockIO": {"throttleWriteIOPSDevice": [{"major": 8, "minor": 1, "rate": 9}]}}""",
                "8:1 wiops=9",
                "8:1 rbps=max wbps=max riops=max wiops=max");
        assertPutBack("io.weight", "default 100\n8:0 7", """
                {"blockIO": {"weight": 500}}""", "4950", "default 100");
        assertPutBack("io.weight", "default 100\n8:0 7", """
                {"blockIO": {"weightDevice": [{"major": 8, "minor": 0, "weight": 500}]}}""", "8:0 4950", "8:0 7");
        assertPutBack("io.weight", "default 100\n8:0 7", """
                {"blockIO": {"weightDevice": [{"major": 8, "minor": 1, "weight": 500}]}}""", "8:1 4950", "8:1 default");
    }

    private void assertPutBack(String file, String contents, String json, String written, String putBack)
            throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io").file(file, contents);
        var writing = new RevocableWriting();
        new BlkioController().apply(cgroup.cgroup(), Limits.of(json), writing);
        assertTrue(cgroup.read(file).startsWith(written), cgroup.read(file));
        assertEquals(Optional.empty(), writing.takeBack());
        assertTrue(cgroup.read(file).startsWith(putBack), cgroup.read(file));
    }

    private static void apply(PlainCgroup cgroup, int weight) throws CgroupException {
        new BlkioController().apply(cgroup.cgroup(), Limits.of("{\"blockIO\": {\"weight\": " + weight + "}}"));
    }
}
