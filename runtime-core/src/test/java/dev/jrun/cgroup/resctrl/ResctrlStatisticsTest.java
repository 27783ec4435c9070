// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.resctrl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Bandwidth;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Cache;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What resctrl says, of which few machines have a processor: files as the kernel's documentation shows them. */
class ResctrlStatisticsTest {

    @TempDir
    Path root;

    private void file(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void makeClass() throws IOException {
        file("schemata", "    MB:0=100;1=100\n    L3:0=fffff;1=fffff\n");
        file("c1/schemata", "    MB:0=50;1=100\n    L3:0=f;1=ff\n");
        file("info/L3/cbm_mask", "fffff\n");
        file("info/L3/min_cbm_bits", "2\n");
        file("info/L3/num_closids", "16\n");
        file("info/MB/bandwidth_gran", "10\n");
        file("info/MB/delay_linear", "1\n");
        file("info/MB/min_bandwidth", "10\n");
        file("info/MB/num_closids", "8\n");
    }

    @Test
    void schemataAreThoseOfTheRootAndOfTheContainersClass() throws IOException {
        makeClass();
        ResctrlStatistics found = ResctrlStatistics.of(root, List.of(root.resolve("c1")));
        assertEquals(
                Optional.of(new Cache("fffff", 2, 16, Optional.of("L3:0=fffff;1=fffff"), Optional.of("L3:0=f;1=ff"))),
                found.cache());
        assertEquals(
                Optional.of(new Bandwidth(10, 1, 10, 8, Optional.of("MB:0=100;1=100"), Optional.of("MB:0=50;1=100"))),
                found.bandwidth());
        assertTrue(found.domains().isEmpty(), found::toString);
    }

    @Test
    void whatIsMeasuredIsThatOfTheInnermostGroup() throws IOException {
        makeClass();
        file("c1/mon_data/mon_L3_00/mbm_total_bytes", "9\n");
        Path group = root.resolve("c1/mon_groups/c1");
        file("c1/mon_groups/c1/mon_data/mon_L3_00/mbm_total_bytes", "4096\n");
        file("c1/mon_groups/c1/mon_data/mon_L3_00/mbm_local_bytes", "1024\n");
        file("c1/mon_groups/c1/mon_data/mon_L3_00/llc_occupancy", "65536\n");
        file("c1/mon_groups/c1/mon_data/mon_L3_01/mbm_total_bytes", "Unavailable\n");
        ResctrlStatistics found = ResctrlStatistics.of(root, List.of(group, root.resolve("c1")));
        assertEquals(
                List.of(
                        new Domain(Optional.of(4096L), Optional.of(1024L), Optional.of(65_536L)),
                        new Domain(Optional.empty(), Optional.empty(), Optional.empty())),
                found.domains());
        assertEquals(Optional.of("L3:0=f;1=ff"), found.cache().orElseThrow().schema());
    }

    /** Where the class has a name of its own that others may share, only the group that measures is the container's. */
    @Test
    void theClassOfAGroupThatMeasuresIsAboveIt() throws IOException {
        makeClass();
        file("c1/mon_groups/c2/mon_data/mon_L3_00/llc_occupancy", "1\n");
        ResctrlStatistics found = ResctrlStatistics.of(root, List.of(root.resolve("c1/mon_groups/c2")));
        assertEquals(Optional.of("L3:0=f;1=ff"), found.cache().orElseThrow().schema());
    }

    @Test
    void aProcessorThatSharesOutNothingHasNone() throws CgroupException {
        assertEquals(ResctrlStatistics.NONE, ResctrlStatistics.of(root, List.of()));
        assertEquals(ResctrlStatistics.NONE, ResctrlStatistics.of(root, List.of(root.resolve("c1"))));
    }
}
