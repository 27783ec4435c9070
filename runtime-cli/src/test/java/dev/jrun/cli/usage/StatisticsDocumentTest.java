// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.resctrl.ResctrlStatistics;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Bandwidth;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Cache;
import dev.jrun.cgroup.resctrl.ResctrlStatistics.Domain;
import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.BlkioStatistics.Entry;
import dev.jrun.cgroup.statistics.BlkioStatistics.Scheduling;
import dev.jrun.cgroup.statistics.CpuStatistics;
import dev.jrun.cgroup.statistics.CpuStatistics.Processor;
import dev.jrun.cgroup.statistics.CpuStatistics.Throttling;
import dev.jrun.cgroup.statistics.HugetlbStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics.Amount;
import dev.jrun.cgroup.statistics.PidsStatistics;
import dev.jrun.cgroup.statistics.Pressure;
import dev.jrun.cgroup.statistics.Pressure.Stall;
import dev.jrun.cgroup.statistics.Pressures;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.container.Usage.Counts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What runc writes of the same (types/events.go), as far as hosts of tests cannot show it. */
class StatisticsDocumentTest {

    private static final Optional<Pressure> PRESSURE =
            Optional.of(new Pressure(new Stall(1.5, 0, 0.07, 9), Optional.of(new Stall(0, 10, 100, -1))));

    private static final String PSI = "\"psi\":{\"some\":{\"avg10\":1.5,\"avg60\":0,\"avg300\":0.07,\"total\":9},"
            + "\"full\":{\"avg10\":0,\"avg60\":10,\"avg300\":100,\"total\":18446744073709551615}}";

    private static final String CPUSET = "\"cpuset\":{\"cpu_exclusive\":0,\"mem_hardwall\":0,\"mem_exclusive\":0,"
            + "\"memory_migrate\":0,\"memory_spread_page\":0,\"memory_spread_slab\":0,\"memory_pressure\":0,"
            + "\"sched_load_balance\":0,\"sched_relax_domain_level\":0}";

    @Test
    void whatIsNotCountedIsZeroOrLeftOut() {
        assertEquals(
                "{\"type\":\"stats\",\"id\":\"c1\",\"data\":{"
                        + "\"cpu\":{\"usage\":{\"kernel\":0,\"user\":0},\"throttling\":{}}," + CPUSET
                        + ",\"memory\":{\"usage\":{\"limit\":0,\"failcnt\":0},\"swap\":{\"limit\":0,\"failcnt\":0},"
                        + "\"kernel\":{\"limit\":0,\"failcnt\":0},\"kernelTCP\":{\"limit\":0,\"failcnt\":0}},"
                        + "\"pids\":{},\"blkio\":{},\"hugetlb\":{},\"intel_rdt\":{},\"network_interfaces\":null}}\n",
                StatisticsDocument.event("c1", new Counts(Statistics.NONE, ResctrlStatistics.NONE)));
    }

    private static Amount amount(long current, OptionalLong limit) {
        return new Amount(current, OptionalLong.of(8), limit, OptionalLong.of(2));
    }

    @Test
    void whatIsCountedIsThere() {
        Statistics statistics = new Statistics(
                Optional.of(new CpuStatistics(
                        7,
                        4,
                        3,
                        List.of(new Processor(5, 2, 1), new Processor(0, 0, 0)),
                        Optional.of(new Throttling(3, 2, 1)))),
                Optional.empty(),
                Optional.of(new MemoryStatistics(
                        1,
                        amount(5, OptionalLong.of(9)),
                        Optional.of(amount(6, OptionalLong.empty())),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("b", 1L, "a", 2L))),
                Optional.of(new PidsStatistics(3, OptionalLong.of(4))),
                Optional.of(new BlkioStatistics(
                        List.of(new Entry(8, 0, "Read", 4096)),
                        List.of(new Entry(0, 1, "Write", 0)),
                        new Scheduling(
                                List.of(new Entry(1, 1, "Read", 1)),
                                List.of(new Entry(1, 1, "Read", 2)),
                                List.of(new Entry(1, 1, "Read", 3)),
                                List.of(new Entry(1, 1, "Read", 4)),
                                List.of(new Entry(1, 1, "", 5)),
                                List.of(new Entry(1, 1, "", 6))))),
                Map.of("2MB", new HugetlbStatistics(2, OptionalLong.of(3), 4)),
                new Pressures(PRESSURE, PRESSURE, PRESSURE));
        ResctrlStatistics resctrl = new ResctrlStatistics(
                Optional.of(new Cache("fff", 1, 2, Optional.of("L3:0=fff"), Optional.of("L3:0=f"))),
                Optional.of(new Bandwidth(3, 0, 4, 5, Optional.of("MB:0=100"), Optional.of("MB:0=50"))),
                List.of(new Domain(Optional.of(6L), Optional.of(7L), Optional.of(8L))));
        assertEquals(
                "{\"type\":\"stats\",\"id\":\"c1\",\"data\":{"
                        + "\"cpu\":{\"usage\":{\"total\":7,\"percpu\":[5,0],\"percpu_kernel\":[1,0],\"percpu_user\":[2,0],"
                        + "\"kernel\":3,\"user\":4},\"throttling\":{\"periods\":3,\"throttledPeriods\":2,\"throttledTime\":1},"
                        + PSI + "}," + CPUSET
                        + ",\"memory\":{\"cache\":1,\"usage\":{\"limit\":9,\"usage\":5,\"max\":8,\"failcnt\":2},"
                        + "\"swap\":{\"limit\":18446744073709551615,\"usage\":6,\"max\":8,\"failcnt\":2},"
                        + "\"kernel\":{\"limit\":0,\"failcnt\":0},\"kernelTCP\":{\"limit\":0,\"failcnt\":0},"
                        + "\"raw\":{\"a\":2,\"b\":1}," + PSI + "},\"pids\":{\"current\":3,\"limit\":4},"
                        + "\"blkio\":{\"ioServiceBytesRecursive\":[{\"major\":8,\"op\":\"Read\",\"value\":4096}],"
                        + "\"ioServicedRecursive\":[{\"minor\":1,\"op\":\"Write\"}],"
                        + "\"ioQueueRecursive\":[{\"major\":1,\"minor\":1,\"op\":\"Read\",\"value\":1}],"
                        + "\"ioServiceTimeRecursive\":[{\"major\":1,\"minor\":1,\"op\":\"Read\",\"value\":2}],"
                        + "\"ioWaitTimeRecursive\":[{\"major\":1,\"minor\":1,\"op\":\"Read\",\"value\":3}],"
                        + "\"ioMergedRecursive\":[{\"major\":1,\"minor\":1,\"op\":\"Read\",\"value\":4}],"
                        + "\"ioTimeRecursive\":[{\"major\":1,\"minor\":1,\"value\":5}],"
                        + "\"sectorsRecursive\":[{\"major\":1,\"minor\":1,\"value\":6}]," + PSI
                        + "},\"hugetlb\":{\"2MB\":{\"usage\":2,\"max\":3,\"failcnt\":4}},"
                        + "\"intel_rdt\":{\"l3_cache_info\":{\"cbm_mask\":\"fff\",\"min_cbm_bits\":1,\"num_closids\":2},"
                        + "\"l3_cache_schema_root\":\"L3:0=fff\",\"l3_cache_schema\":\"L3:0=f\","
                        + "\"mem_bw_info\":{\"bandwidth_gran\":3,\"min_bandwidth\":4,\"num_closids\":5},"
                        + "\"mem_bw_schema_root\":\"MB:0=100\",\"mem_bw_schema\":\"MB:0=50\","
                        + "\"mbm_stats\":[{\"mbm_total_bytes\":6,\"mbm_local_bytes\":7}],"
                        + "\"cmt_stats\":[{\"llc_occupancy\":8}]},\"network_interfaces\":null}}\n",
                StatisticsDocument.event("c1", new Counts(statistics, resctrl)));
    }
}
