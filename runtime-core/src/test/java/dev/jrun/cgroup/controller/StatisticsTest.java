// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.PlainCgroup;
import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.BlkioStatistics.Entry;
import dev.jrun.cgroup.statistics.BlkioStatistics.Scheduling;
import dev.jrun.cgroup.statistics.CpuStatistics;
import dev.jrun.cgroup.statistics.CpuStatistics.Throttling;
import dev.jrun.cgroup.statistics.HugetlbStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics.Amount;
import dev.jrun.cgroup.statistics.PidsStatistics;
import dev.jrun.cgroup.statistics.Pressure;
import dev.jrun.cgroup.statistics.Pressure.Stall;
import dev.jrun.cgroup.statistics.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of cgroup v2 say, as kernels have them from 4.15 on. */
class StatisticsTest {

    private static final String PRESSURE = """
            some avg10=12.34 avg60=5.60 avg300=0.07 total=890123
            full avg10=0.00 avg60=0.01 avg300=0.00 total=45
            """;

    @TempDir
    Path root;

    private Statistics report(PlainCgroup cgroup) throws CgroupException {
        return new Controllers().report(cgroup.cgroup());
    }

    private static Optional<Pressure> pressure() {
        return Optional.of(new Pressure(new Stall(12.34, 5.6, 0.07, 890_123), Optional.of(new Stall(0, 0.01, 0, 45))));
    }

    @Test
    void timeOnCpusIsInNanoseconds() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "cpu").file("cpu.stat", """
                usage_usec 5000017
                user_usec 4000013
                system_usec 1000004
                core_sched.force_idle_usec 0
                nr_periods 31
                nr_throttled 7
                throttled_usec 650001
                nr_bursts 0
                burst_usec 0
                """).file("cpu.pressure", PRESSURE);

        assertEquals(
                Optional.of(new CpuStatistics(
                        5_000_017_000L,
                        4_000_013_000L,
                        1_000_004_000L,
                        List.of(),
                        Optional.of(new Throttling(31, 7, 650_001_000L)))),
                report(cgroup).cpu());
        assertEquals(pressure(), report(cgroup).pressure().cpu());
    }

    /** Where cgroup v1 has the controller, or nobody hands it down. */
    @Test
    void timeOnCpusIsCountedWithoutTheController() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "pids")
                .file("cpu.stat", "usage_usec 3\nuser_usec 2\nsystem_usec 1\n")
                .file("cpu.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=4\n");

        assertEquals(
                Optional.of(new CpuStatistics(3000, 2000, 1000, List.of(), Optional.empty())),
                report(cgroup).cpu());
        assertEquals(
                Optional.of(new Pressure(new Stall(0, 0, 0, 4), Optional.empty())),
                report(cgroup).pressure().cpu());
    }

    @Test
    void memoryIsThatOfEachKindWithItsLimits() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory")
                .file("memory.current", "1048576\n")
                .file("memory.peak", "2097152\n")
                .file("memory.max", "67108864\n")
                .file("memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n")
                .file("memory.swap.current", "4096\n")
                .file("memory.swap.max", "max\n")
                .file("memory.swap.events", "high 0\nmax 0\nfail 0\n")
                .file("memory.stat", "anon 500000\nfile 400000\nkernel_stack 16384\n")
                .file("memory.pressure", PRESSURE);

        MemoryStatistics memory = report(cgroup).memory().orElseThrow();
        assertEquals(
                new MemoryStatistics(
                        400_000,
                        new Amount(
                                1_048_576,
                                OptionalLong.of(2_097_152),
                                OptionalLong.of(67_108_864),
                                OptionalLong.of(12)),
                        Optional.of(
                                new Amount(1_052_672, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(0))),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("anon", 500_000L, "file", 400_000L, "kernel_stack", 16_384L)),
                memory);
        assertEquals(pressure(), report(cgroup).pressure().memory());
        assertEquals(
                List.of("anon", "file", "kernel_stack"),
                List.copyOf(memory.raw().keySet()));
    }

    @Test
    void memoryAndSwapAreLimitedTogetherWhereBothAre() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory")
                .file("memory.current", "100\n")
                .file("memory.max", "1000\n")
                .file("memory.swap.current", "20\n")
                .file("memory.swap.max", "500\n");
        assertEquals(
                Optional.of(new Amount(120, OptionalLong.empty(), OptionalLong.of(1500), OptionalLong.empty())),
                report(cgroup).memory().orElseThrow().withSwap());
    }

    @Test
    void whatTheKernelDoesNotCountIsMissing() throws IOException {
        PlainCgroup cgroup =
                PlainCgroup.with(root, "memory").file("memory.current", "0\n").file("memory.max", "max\n");
        assertEquals(
                Optional.of(new MemoryStatistics(
                        0,
                        new Amount(0, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                        Optional.of(new Amount(0, OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty())),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of())),
                report(cgroup).memory());
    }

    @Test
    void tasksAreCountedAndLimited() throws IOException {
        PlainCgroup cgroup =
                PlainCgroup.with(root, "pids").file("pids.current", "3\n").file("pids.max", "7\n");
        assertEquals(
                Optional.of(new PidsStatistics(3, OptionalLong.of(7))),
                report(cgroup).pids());

        cgroup.file("pids.max", "max\n");
        assertEquals(
                Optional.of(new PidsStatistics(3, OptionalLong.empty())),
                report(cgroup).pids());
    }

    @Test
    void processesAreCountedWithoutTheController() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "memory").file("cgroup.procs", "");
        assertEquals(
                Optional.of(new PidsStatistics(0, OptionalLong.empty())),
                report(cgroup).pids());
        cgroup.file("cgroup.procs", "7\n1234\n");
        assertEquals(
                Optional.of(new PidsStatistics(2, OptionalLong.empty())),
                report(cgroup).pids());
    }

    @Test
    void inputAndOutputAreCountedByDeviceAndOperation() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io").file("io.stat", """
                8:16 rbytes=12288 wbytes=4096 rios=3 wios=1 dbytes=512 dios=2 cost.usage=9
                254:0
                """).file("io.pressure", PRESSURE);
        assertEquals(
                Optional.of(new BlkioStatistics(
                        List.of(
                                new Entry(8, 16, "Read", 12_288),
                                new Entry(8, 16, "Write", 4096),
                                new Entry(8, 16, "Discard", 512)),
                        List.of(
                                new Entry(8, 16, "Read", 3),
                                new Entry(8, 16, "Write", 1),
                                new Entry(8, 16, "Discard", 2)),
                        Scheduling.NONE)),
                report(cgroup).blkio());
        assertEquals(pressure(), report(cgroup).pressure().io());
    }

    /**
     * With the cost model, ioc_pd_stat writes a space of its own; kernels before 5.18 do not end the line of a device
     * without statistics.
     */
    @Test
    void fieldsOfTheCostModelAndDevicesWithoutStatisticsAreNoErrors() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io").file("io.stat", """
                8:0  cost.usage=0
                8:16 rbytes=12288 wbytes=0 rios=3 wios=0 dbytes=0 dios=0  cost.vrate=100.00 cost.usage=9
                252:0 253:0 rbytes=7 rios=1
                """);
        assertEquals(
                List.of(
                        new Entry(8, 16, "Read", 12_288),
                        new Entry(8, 16, "Write", 0),
                        new Entry(8, 16, "Discard", 0),
                        new Entry(253, 0, "Read", 7)),
                report(cgroup).blkio().orElseThrow().bytes());
    }

    @Test
    void aDeviceWithoutANumberIsAnErrorThatSaysWhere() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "io").file("io.stat", "sda rbytes=7\n");
        String message =
                assertThrows(CgroupException.class, () -> report(cgroup)).getMessage();
        assertEquals(true, message.contains("io.stat has \"sda rbytes=7\""), message);
    }

    /** It is looked at again and again, of thousands of containers. */
    @Test
    void whatIsNotShownToPeopleIsNotRead() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "cpu")
                .file("cpu.stat", "usage_usec 3\nuser_usec 2\nsystem_usec 1\n")
                .file("cpuset.cpus.effective", "?");
        Statistics shown = new Controllers().reportShown(cgroup.cgroup());
        assertEquals(3000, shown.cpu().orElseThrow().total());
        assertEquals(Optional.empty(), shown.cpuset());
        assertEquals(Map.of(), shown.hugetlb());
    }

    /** Which sizes there are, the kernel says; those of x86-64 and of arm64 with 4 KiB pages have these two. */
    @Test
    void hugePagesAreThoseThatAreReservedWhereThatIsCounted() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "hugetlb")
                .file("hugetlb.2MB.current", "0\n")
                .file("hugetlb.2MB.events", "max 1\n")
                .file("hugetlb.2MB.rsvd.current", "4194304\n")
                .file("hugetlb.2MB.rsvd.events", "max 3\n")
                .file("hugetlb.1GB.current", "1073741824\n")
                .file("hugetlb.1GB.events", "max 0\n");
        Path sizes = Path.of("/sys/kernel/mm/hugepages");
        assumeTrue(
                Files.exists(sizes.resolve("hugepages-2048kB")) && Files.exists(sizes.resolve("hugepages-1048576kB")),
                "this kernel has other huge pages");
        assertEquals(
                Map.of(
                        "2MB", new HugetlbStatistics(4_194_304, OptionalLong.empty(), 3),
                        "1GB", new HugetlbStatistics(1_073_741_824, OptionalLong.empty(), 0)),
                report(cgroup).hugetlb());
    }

    /**
     * A kernel whose scheduler BFQ counts for whom it does what: CONFIG_BFQ_CGROUP_DEBUG, which distributions leave
     * out.
     */
    @Test
    void whatTheSchedulerCountsIsReported() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "none")
                .file("blkio.throttle.io_service_bytes", "Total 0\n")
                .file("blkio.bfq.io_service_bytes_recursive", "8:0 Read 4096\n8:0 Total 4096\nTotal 4096\n")
                .file("blkio.bfq.io_serviced_recursive", "8:0 Read 1\n8:0 Total 1\nTotal 1\n")
                .file("blkio.bfq.io_queued_recursive", "8:0 Read 2\nTotal 2\n")
                .file("blkio.bfq.io_service_time_recursive", "8:0 Read 700\nTotal 700\n")
                .file("blkio.bfq.io_wait_time_recursive", "8:0 Read 800\nTotal 800\n")
                .file("blkio.bfq.io_merged_recursive", "8:0 Read 3\nTotal 3\n")
                .file("blkio.bfq.time_recursive", "8:0 9\n")
                .file("blkio.bfq.sectors_recursive", "8:0 8\n");
        TreeMap<String, Path> legacy = new TreeMap<>(Map.of("blkio", cgroup.path()));
        Statistics found = new Controllers().report(new Cgroup(new CgroupDirectories(Optional.empty(), legacy)));
        assertEquals(
                Optional.of(new BlkioStatistics(
                        List.of(new Entry(8, 0, "Read", 4096), new Entry(8, 0, "Total", 4096)),
                        List.of(new Entry(8, 0, "Read", 1), new Entry(8, 0, "Total", 1)),
                        new Scheduling(
                                List.of(new Entry(8, 0, "Read", 2)),
                                List.of(new Entry(8, 0, "Read", 700)),
                                List.of(new Entry(8, 0, "Read", 800)),
                                List.of(new Entry(8, 0, "Read", 3)),
                                List.of(new Entry(8, 0, "", 9)),
                                List.of(new Entry(8, 0, "", 8))))),
                found.blkio());
    }

    @Test
    void aControllerThatIsNotThereReportsNothing() throws CgroupException {
        assertEquals(Statistics.NONE, new Controllers().report(new Cgroup(CgroupDirectories.NONE)));
        Path gone = root.resolve("gone");
        assertEquals(
                Statistics.NONE,
                new Controllers().report(new Cgroup(new CgroupDirectories(Optional.of(gone), new TreeMap<>()))));
    }

    @Test
    void whatIsNoNumberIsNotTakenForNone() throws IOException {
        PlainCgroup cgroup = PlainCgroup.with(root, "pids").file("pids.current", "many\n");
        CgroupException error = assertThrows(CgroupException.class, () -> report(cgroup));
        assertEquals(
                "pids controller: " + cgroup.path().resolve("pids.current")
                        + " has \"many\", which is not what the kernel's documentation says",
                error.getMessage());
    }
}
