// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.CpuStatistics;
import dev.jrun.cgroup.statistics.CpuStatistics.Processor;
import dev.jrun.cgroup.statistics.CpuStatistics.Throttling;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.Cpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much time a container may spend on CPUs: {@code linux.resources.cpu} except for {@code cpus} and {@code mems}.
 *
 * @see <a href="https://docs.kernel.org/scheduler/sched-bwc.html">bandwidth on cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu">cpu on cgroup v2</a>
 */
public final class CpuController implements ReportingController<CpuStatistics> {
    private static final String SHARES = "/linux/resources/cpu/shares";
    private static final String BY_PROCESSOR = "cpuacct.usage_percpu";
    private static final String BY_MODE = "cpuacct.usage_all";
    private static final String[] NO_MODES = {"", "0", "0"};
    private static final String QUOTA = "/linux/resources/cpu/quota";
    private static final String PERIOD = "/linux/resources/cpu/period";
    private static final String BURST = "/linux/resources/cpu/burst";
    private static final String IDLE = "/linux/resources/cpu/idle";
    private static final String REALTIME_RUNTIME = "/linux/resources/cpu/realtimeRuntime";
    private static final String REALTIME_PERIOD = "/linux/resources/cpu/realtimePeriod";

    /** The same name in both versions. */
    private static final String IDLE_FILE = "cpu.idle";

    private static final String LEGACY_BURST = "cpu.cfs_burst_us";
    private static final String UNIFIED_BURST = "cpu.max.burst";

    private static final long NO_LONGER_IDLE = 0;

    /** Of {@code cpu.shares}; the kernel takes others for the nearest of these, and says nothing. */
    private static final long MIN_SHARES = 2;

    private static final long MAX_SHARES = 262_144;
    private static final long MAX_WEIGHT = 10_000;

    /** USER_HZ is 100 on all architectures that jrun knows. */
    private static final long NANOSECONDS_PER_TICK = 10_000_000;

    private static final long NANOSECONDS_PER_MICROSECOND = 1_000;

    private static final String RULES = "the kernel takes periods from 1000 to 1000000 µs and quotas from 1000 µs on,"
            + " no less than the burst,"
            + " and no greater part of the time than the cgroup above has";

    private static final String BURST_RULE = "the kernel takes bursts up to the quota, and none without a quota";
    private static final String REALTIME_RULE =
            "the kernel takes runtimes up to the period, and no more than the cgroup above has left to give";

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        Cpu cpu = resources.cpu();
        if (asksForNothing(cpu)) {
            return;
        }
        ControllerFiles files = ControllerFiles.of(cgroup, name(), writing);
        // The kernel refuses the weight of a cgroup that is idle.
        if (cpu.idle().orElse(NO_LONGER_IDLE) == NO_LONGER_IDLE) {
            writeUnlessMissing(files, IDLE_FILE, cpu.idle(), IDLE, "");
        }
        // ... and a quota below the burst that there is.
        String burst = files.areLegacy() ? LEGACY_BURST : UNIFIED_BURST;
        if (cpu.burst().isPresent()) {
            writeUnlessMissing(files, burst, OptionalLong.of(0), BURST, "");
        }
        if (files.areLegacy()) {
            applyLegacy(files, cpu);
        } else {
            applyUnified(files, cpu);
        }
        if (cpu.burst().orElse(0) != 0) {
            files.write(burst, Long.toUnsignedString(cpu.burst().getAsLong()), BURST, BURST_RULE);
        }
        if (cpu.idle().orElse(NO_LONGER_IDLE) != NO_LONGER_IDLE) {
            keepWeight(files);
            files.write(IDLE_FILE, Long.toString(cpu.idle().getAsLong()), IDLE, "the kernel takes 0 and 1");
        }
    }

    /** Who is idle no longer has the default weight, so that of before is to be there again once that is taken back. */
    private static void keepWeight(ControllerFiles files) throws CgroupException {
        if (files.have(IDLE_FILE) && files.read(IDLE_FILE, IDLE).equals("0")) {
            String weight = files.areLegacy() ? "cpu.shares" : "cpu.weight";
            files.write(weight, files.read(weight, IDLE), IDLE);
        }
    }

    private static boolean asksForNothing(Cpu cpu) {
        return cpu.shares().isEmpty()
                && cpu.quota().isEmpty()
                && cpu.period().isEmpty()
                && cpu.burst().isEmpty()
                && cpu.idle().isEmpty()
                && !asksForRealtime(cpu);
    }

    /** 0 is no value for either; clients write it for one that is not set. */
    private static boolean asksForRealtime(Cpu cpu) {
        return cpu.realtimeRuntime().orElse(0) != 0 || cpu.realtimePeriod().orElse(0) != 0;
    }

    /** Writes what is the default where there is no such file. */
    private static void writeUnlessMissing(
            ControllerFiles files, String name, OptionalLong value, String pointer, String rule)
            throws CgroupException {
        if (value.isPresent() && files.have(name)) {
            files.write(name, Long.toUnsignedString(value.getAsLong()), pointer, rule);
        }
    }

    /**
     * On cgroup v1 it is another controller that counts the time, {@code cpuacct}; it is mounted with this one, or
     * alone.
     */
    @Override
    public Optional<CpuStatistics> report(Cgroup cgroup) throws CgroupException {
        ControllerFiles accounts = ControllerFiles.of(cgroup, "cpuacct", name());
        return accounts.areLegacy()
                ? legacyReport(accounts, ControllerFiles.of(cgroup, name()))
                : unifiedReport(accounts);
    }

    private static Optional<CpuStatistics> legacyReport(ControllerFiles accounts, ControllerFiles files)
            throws CgroupException {
        OptionalLong total = accounts.number("cpuacct.usage");
        if (total.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> modes = accounts.numbers("cpuacct.stat");
        return Optional.of(new CpuStatistics(
                total.getAsLong(),
                modes.getOrDefault("user", 0L) * NANOSECONDS_PER_TICK,
                modes.getOrDefault("system", 0L) * NANOSECONDS_PER_TICK,
                processors(accounts),
                throttling(files.numbers("cpu.stat"), "throttled_time", 1)));
    }

    /** Lines {@code cpu user system} of all processors that there may be, the first of which is a heading. */
    private static List<Processor> processors(ControllerFiles accounts) throws CgroupException {
        List<String> modes = accounts.lines(BY_MODE);
        Optional<String> totals = accounts.readIfPresent(BY_PROCESSOR);
        if (totals.isEmpty() || totals.get().isEmpty()) {
            return List.of();
        }
        List<Processor> processors = new ArrayList<>();
        for (String total : totals.get().split(" ")) {
            int line = processors.size() + 1;
            String[] mode = line < modes.size() ? modes.get(line).split(" ") : NO_MODES;
            if (mode.length != NO_MODES.length) {
                throw accounts.malformed(BY_MODE, modes.get(line));
            }
            processors.add(new Processor(
                    accounts.parse(BY_PROCESSOR, total),
                    accounts.parse(BY_MODE, mode[1]),
                    accounts.parse(BY_MODE, mode[2])));
        }
        return processors;
    }

    /** The time is there also where this controller is not. */
    private static Optional<CpuStatistics> unifiedReport(ControllerFiles files) throws CgroupException {
        Map<String, Long> times = files.numbers("cpu.stat");
        return times.isEmpty()
                ? Optional.empty()
                : Optional.of(new CpuStatistics(
                        times.getOrDefault("usage_usec", 0L) * NANOSECONDS_PER_MICROSECOND,
                        times.getOrDefault("user_usec", 0L) * NANOSECONDS_PER_MICROSECOND,
                        times.getOrDefault("system_usec", 0L) * NANOSECONDS_PER_MICROSECOND,
                        List.of(),
                        throttling(times, "throttled_usec", NANOSECONDS_PER_MICROSECOND)));
    }

    private static Optional<Throttling> throttling(Map<String, Long> times, String time, long nanoseconds) {
        Long periods = times.get("nr_periods");
        return periods == null
                ? Optional.empty()
                : Optional.of(new Throttling(
                        periods, times.getOrDefault("nr_throttled", 0L), times.getOrDefault(time, 0L) * nanoseconds));
    }

    private static void applyLegacy(ControllerFiles files, Cpu cpu) throws CgroupException {
        if (cpu.shares().isPresent()) {
            long shares = cpu.shares().getAsLong();
            if (shares != bounded(shares)) {
                throw files.failure(
                        SHARES,
                        "found %s; the kernel takes shares from %d to %d"
                                .formatted(Long.toUnsignedString(shares), MIN_SHARES, MAX_SHARES));
            }
            files.write("cpu.shares", Long.toString(shares), SHARES, "", IDLE_FILE);
        }
        boolean periodTaken = isLegacyPeriodTaken(files, cpu);
        writeLegacyQuota(files, cpu.quota());
        if (!periodTaken) {
            writeLegacyPeriod(files, cpu.period());
        }
        if (asksForRealtime(cpu)) {
            writeRealtime(files, cpu);
        }
    }

    /** A runtime above the period of before would be refused, and 0 as a period always is. */
    private static void writeRealtime(ControllerFiles files, Cpu cpu) throws CgroupException {
        if (cpu.realtimePeriod().orElse(0) != 0) {
            String period = Long.toUnsignedString(cpu.realtimePeriod().getAsLong());
            files.write("cpu.rt_period_us", period, REALTIME_PERIOD, REALTIME_RULE, "cpu.rt_runtime_us");
        }
        if (cpu.realtimeRuntime().orElse(0) != 0) {
            String runtime = Long.toString(cpu.realtimeRuntime().getAsLong());
            files.write("cpu.rt_runtime_us", runtime, REALTIME_RUNTIME, REALTIME_RULE, "cpu.rt_period_us");
        }
    }

    /**
     * A shorter period may be refused, with the quota of before being too much of it, and be fine with the new quota.
     */
    private static boolean isLegacyPeriodTaken(ControllerFiles files, Cpu cpu) throws CgroupException {
        try {
            writeLegacyPeriod(files, cpu.period());
            return true;
        } catch (CgroupException refused) {
            if (cpu.quota().isEmpty()) {
                throw refused;
            }
            return false;
        }
    }

    private static void writeLegacyPeriod(ControllerFiles files, OptionalLong period) throws CgroupException {
        if (period.isPresent()) {
            files.write("cpu.cfs_period_us", Long.toUnsignedString(period.getAsLong()), PERIOD, RULES);
        }
    }

    private static void writeLegacyQuota(ControllerFiles files, OptionalLong quota) throws CgroupException {
        if (quota.isPresent()) {
            files.write("cpu.cfs_quota_us", Long.toString(quota.getAsLong()), QUOTA, RULES);
        }
    }

    private static void applyUnified(ControllerFiles files, Cpu cpu) throws CgroupException {
        if (asksForRealtime(cpu)) {
            throw files.failure(
                    cpu.realtimeRuntime().orElse(0) != 0 ? REALTIME_RUNTIME : REALTIME_PERIOD,
                    "cgroup v2 has no limits of real-time processes");
        }
        if (cpu.shares().isPresent()) {
            String weight = Long.toString(weight(cpu.shares().getAsLong()));
            files.write("cpu.weight", weight, SHARES, "", IDLE_FILE);
        }
        if (cpu.quota().isPresent()) {
            String quota = unifiedQuota(cpu.quota().getAsLong());
            files.write("cpu.max", quota + period(cpu), QUOTA, RULES);
        } else if (cpu.period().isPresent()) {
            String quotaOfBefore = files.read("cpu.max", PERIOD).split(" ")[0];
            files.write("cpu.max", quotaOfBefore + period(cpu), PERIOD, RULES);
        }
    }

    private static String unifiedQuota(long quota) {
        return quota < 0 ? "max" : Long.toString(quota);
    }

    /** The second number of {@code cpu.max}; without it, the period of before stays. */
    private static String period(Cpu cpu) {
        return cpu.period().isPresent()
                ? " " + Long.toUnsignedString(cpu.period().getAsLong())
                : "";
    }

    /**
     * The {@code cpu.weight} of cgroup v2 for {@code cpu.shares}: the curve through the least values of both (2 and 1),
     * the defaults (1024 and 100) and the greatest (262144 and 10000) that runc (since 1.3.2) and crun (since 1.23)
     * use. A straight line, as before, made 39 of the default, so that containers came off badly beside everything else
     * on the host.
     *
     * @param shares unsigned; what is less or greater than the kernel allowed is taken for the least or greatest
     */
    public static long weight(long shares) {
        long bounded = bounded(shares);
        if (bounded == MIN_SHARES) {
            return 1;
        }
        if (bounded == MAX_SHARES) {
            return MAX_WEIGHT;
        }
        double log = Math.log(bounded) / Math.log(2);
        return (long) Math.ceil(Math.pow(10, (log * log + 125 * log - 126) / 612));
    }

    private static long bounded(long shares) {
        if (Long.compareUnsigned(shares, MAX_SHARES) > 0) {
            return MAX_SHARES;
        }
        return Math.max(shares, MIN_SHARES);
    }
}
