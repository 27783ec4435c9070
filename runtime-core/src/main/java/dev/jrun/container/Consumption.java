// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.statistics.BlkioStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.Pressure;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.container.lifecycle.Status;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What people want to know about a container's use of the machine at one moment. It is small enough to keep for
 * thousands of containers.
 *
 * @param started when its first process started; together with the id, this identifies one container and no later one
 * @param time of the look in nanoseconds, by a clock that all engines of a machine share
 * @param cpu time on CPUs up to then, in nanoseconds
 * @param read bytes from block devices up to then
 * @param written bytes to block devices up to then
 * @param memory without contents of files that nobody has used for some time, which give way to anything else
 * @param memoryLimit empty if there is none, as of {@code pidsLimit}
 * @param cpuStall for how much of the last ten seconds a process was held up, in percent; of memory and devices
 *     likewise
 */
public record Consumption(
        String id,
        Status status,
        long started,
        long time,
        long cpu,
        long read,
        long written,
        OptionalLong memory,
        OptionalLong memoryLimit,
        OptionalLong pids,
        OptionalLong pidsLimit,
        OptionalDouble cpuStall,
        OptionalDouble memoryStall,
        OptionalDouble ioStall) {

    /** No machine has as much; cgroup v1 has no other way to say that there is no limit. */
    private static final long UNLIMITED = 1L << 62;

    /** Keeps of {@code statistics} what is shown. */
    public static Consumption of(String id, Status status, long started, long time, Statistics statistics) {
        List<BlkioStatistics.Entry> bytes =
                statistics.blkio().isPresent() ? statistics.blkio().get().bytes() : List.of();
        return new Consumption(
                id,
                status,
                started,
                time,
                statistics.cpu().isPresent() ? statistics.cpu().get().total() : 0,
                sum(bytes, "Read"),
                sum(bytes, "Write"),
                statistics.memory().isPresent() ? used(statistics.memory().get()) : OptionalLong.empty(),
                statistics.memory().isPresent()
                        ? limit(statistics.memory().get().usage().limit())
                        : OptionalLong.empty(),
                statistics.pids().isPresent()
                        ? OptionalLong.of(statistics.pids().get().current())
                        : OptionalLong.empty(),
                statistics.pids().isPresent() ? statistics.pids().get().limit() : OptionalLong.empty(),
                stall(statistics.pressure().cpu()),
                stall(statistics.pressure().memory()),
                stall(statistics.pressure().io()));
    }

    private static long sum(List<BlkioStatistics.Entry> entries, String operation) {
        long sum = 0;
        for (BlkioStatistics.Entry entry : entries) {
            if (entry.operation().equals(operation)) {
                sum += entry.value();
            }
        }
        return sum;
    }

    private static OptionalLong used(MemoryStatistics memory) {
        long unused =
                memory.raw().getOrDefault("total_inactive_file", memory.raw().getOrDefault("inactive_file", 0L));
        return OptionalLong.of(Math.max(0, memory.usage().current() - unused));
    }

    private static OptionalLong limit(OptionalLong limit) {
        return limit.isPresent() && limit.getAsLong() >= 0 && limit.getAsLong() < UNLIMITED
                ? limit
                : OptionalLong.empty();
    }

    private static OptionalDouble stall(Optional<Pressure> pressure) {
        return pressure.isPresent() ? OptionalDouble.of(pressure.get().some().average10()) : OptionalDouble.empty();
    }
}
