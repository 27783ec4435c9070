// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.CpuStatistics;
import dev.jrun.cgroup.statistics.CpusetStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics.Amount;
import dev.jrun.cgroup.statistics.PidsStatistics;
import dev.jrun.cgroup.statistics.Pressures;
import dev.jrun.cgroup.statistics.Statistics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is reported of processes that run, with the hierarchies as they are mounted. */
class KernelStatisticsTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Controllers controllers = new Controllers();
    private KernelCgroups kernel;

    @BeforeEach
    void needCgroups() throws IOException {
        kernel = KernelCgroups.asMounted();
    }

    @AfterEach
    void close() throws IOException {
        if (kernel != null) {
            kernel.close();
        }
    }

    private Statistics await(Cgroup cgroup, Predicate<Statistics> condition) throws CgroupException {
        long start = System.nanoTime();
        while (true) {
            Statistics statistics = controllers.report(cgroup);
            if (condition.test(statistics)) {
                return statistics;
            }
            assertTrue(System.nanoTime() - start < LIMIT.toNanos(), statistics::toString);
            Thread.onSpinWait();
        }
    }

    @Test
    void timeIsCountedAndThrottled() throws IOException {
        Cgroup cgroup = kernel.create("c1");
        controllers.apply(cgroup, Limits.of("{\"cpu\": {\"quota\": 10000, \"period\": 100000}}"));
        kernel.run(cgroup.paths().all(), "while :; do :; done");

        CpuStatistics cpu = await(
                        cgroup,
                        statistics -> statistics
                                .cpu()
                                .flatMap(CpuStatistics::throttling)
                                .filter(throttling -> throttling.throttledTime() > 0)
                                .isPresent())
                .cpu()
                .orElseThrow();
        assertTrue(cpu.total() >= 5_000_000, cpu::toString);
        assertTrue(cpu.total() < LIMIT.toNanos(), cpu::toString);
        assertTrue(cpu.throttling().orElseThrow().throttledPeriods() > 0, cpu::toString);
        assertTrue(
                cpu.throttling().orElseThrow().periods()
                        >= cpu.throttling().orElseThrow().throttledPeriods(),
                cpu::toString);
        if (!cpu.processors().isEmpty()) {
            long sum = cpu.processors().stream()
                    .mapToLong(CpuStatistics.Processor::total)
                    .sum();
            assertTrue(sum >= cpu.total(), cpu::toString);
            long user = cpu.processors().stream()
                    .mapToLong(CpuStatistics.Processor::user)
                    .sum();
            // Counted in ticks, and so not exactly a part of the sum.
            assertTrue(user > 0, cpu::toString);
        }
    }

    @Test
    void memoryIsCountedAndLimited() throws IOException {
        Cgroup cgroup = kernel.create("c1");
        controllers.apply(cgroup, Limits.of("{\"memory\": {\"limit\": 67108864}}"));
        Statistics empty = controllers.report(cgroup);
        if (empty.memory().isEmpty()) {
            skip("no controller counts memory");
        }
        // The shell keeps it in a variable.
        kernel.run(cgroup.paths().all(), "x=$(head -c 8388608 /dev/zero | tr '\\0' x); read y");

        MemoryStatistics memory = await(
                        cgroup,
                        statistics -> statistics.memory().orElseThrow().usage().current() > 8 * MEBIBYTE)
                .memory()
                .orElseThrow();
        Amount usage = memory.usage();
        assertEquals(OptionalLong.of(64 * MEBIBYTE), usage.limit());
        assertTrue(usage.current() <= 64 * MEBIBYTE, memory::toString);
        assertTrue(usage.peak().isEmpty() || usage.peak().getAsLong() > 8 * MEBIBYTE, memory::toString);
        assertTrue(memory.raw().containsKey("pgfault"), memory::toString);
        assertTrue(memory.cache() <= usage.current() + MEBIBYTE, memory::toString);
    }

    @Test
    void tasksAreCounted() throws IOException {
        Cgroup cgroup = kernel.create("c1");
        if (controllers.report(cgroup).pids().isEmpty()) {
            skip("no controller counts tasks");
        }
        assertEquals(
                Optional.of(new PidsStatistics(0, OptionalLong.empty())),
                controllers.report(cgroup).pids());
        controllers.apply(cgroup, Limits.of("{\"pids\": {\"limit\": 9}}"));
        kernel.runWaiting(cgroup);
        kernel.runWaiting(cgroup);
        assertEquals(
                Optional.of(new PidsStatistics(2, OptionalLong.of(9))),
                controllers.report(cgroup).pids());
    }

    @Test
    void aCgroupThatHasDoneNoInputHasNone() throws IOException {
        Cgroup cgroup = kernel.create("c1");
        Optional<BlkioStatistics> blkio = controllers.report(cgroup).blkio();
        if (blkio.isEmpty()) {
            skip("no controller counts input and output");
        }
        assertTrue(blkio.get().bytes().isEmpty(), blkio::toString);
        assertTrue(blkio.get().operations().isEmpty(), blkio::toString);
    }

    /** Cgroup v2 has these files whoever has the controllers. */
    @Test
    void pressureIsReportedOnCgroup2() throws IOException {
        try (KernelCgroups unified = KernelCgroups.unifiedOnly()) {
            Cgroup cgroup = unified.create("c2");
            unified.run(cgroup.paths().all(), "while :; do :; done");
            CpuStatistics cpu = await(
                            cgroup,
                            statistics -> statistics
                                    .cpu()
                                    .filter(found -> found.user() > 0)
                                    .isPresent())
                    .cpu()
                    .orElseThrow();
            assertTrue(cpu.total() >= cpu.user(), cpu::toString);
            Pressures pressure = controllers.report(cgroup).pressure();
            if (pressure.cpu().isEmpty()) {
                skip("this kernel counts no pressure (psi=1)");
            }
            assertTrue(pressure.memory().isPresent() && pressure.io().isPresent(), pressure::toString);
        }
    }

    @Test
    void whereProcessesMayBeIsReported() throws IOException {
        Cgroup cgroup = kernel.create("c1");
        Optional<CpusetStatistics> cpuset = controllers.report(cgroup).cpuset();
        if (cpuset.isEmpty()) {
            skip("no hierarchy of cgroup v1 has cpuset");
        }
        controllers.apply(cgroup, Limits.of("{\"cpu\": {\"cpus\": \"0\", \"mems\": \"0\"}}"));
        CpusetStatistics found = controllers.report(cgroup).cpuset().orElseThrow();
        assertEquals(List.of(0), found.cpus());
        assertEquals(List.of(0), found.mems());
        assertEquals(1, found.schedLoadBalance());
        assertEquals(-1, found.schedRelaxDomainLevel());
    }

    @Test
    void aCgroupThatIsGoneHasNothing() throws IOException {
        Cgroup cgroup = kernel.create("c1");
        cgroup.remove(LIMIT);
        assertEquals(Statistics.NONE, controllers.report(cgroup));
    }

    private static void skip(String reason) {
        System.out.println("skipped: " + reason);
        abort(reason);
    }
}
