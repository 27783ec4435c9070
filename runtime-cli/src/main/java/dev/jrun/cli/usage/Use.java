// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cgroup.controller.MemoryStatistics;
import dev.jrun.cgroup.controller.Pressure;
import dev.jrun.cgroup.controller.Statistics;
import dev.jrun.container.state.Status;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a container uses the machine, between two moments.
 *
 * @param before what it had used at the first; empty if it was not there, and rates are not known
 * @param nanoseconds how long that is ago
 */
record Use(String id, Status status, Statistics now, Optional<Sample> before, long nanoseconds) {

    private static final double NANOSECONDS_PER_SECOND = 1e9;
    private static final double PERCENT = 100;
    /** No machine has as much; cgroup v1 has no other way to say that there is no limit. */
    private static final long UNLIMITED = 1L << 62;

    Sample sample() {
        return Sample.of(id, now);
    }

    /** Of the time of one CPU. */
    OptionalDouble cpuPercent() {
        return before.isPresent()
                ? OptionalDouble.of(
                        PERCENT * Math.max(0, sample().cpu() - before.get().cpu()) / nanoseconds)
                : OptionalDouble.empty();
    }

    /** Bytes in a second. */
    OptionalDouble readRate() {
        return before.isPresent() ? rate(sample().read() - before.get().read()) : OptionalDouble.empty();
    }

    /** Bytes in a second. */
    OptionalDouble writeRate() {
        return before.isPresent() ? rate(sample().written() - before.get().written()) : OptionalDouble.empty();
    }

    private OptionalDouble rate(long bytes) {
        return OptionalDouble.of(Math.max(0, bytes) * NANOSECONDS_PER_SECOND / nanoseconds);
    }

    /** Without contents of files that nobody has used for some time, which give way to anything else. */
    OptionalLong memory() {
        if (now.memory().isEmpty()) {
            return OptionalLong.empty();
        }
        MemoryStatistics memory = now.memory().get();
        long unused =
                memory.raw().getOrDefault("total_inactive_file", memory.raw().getOrDefault("inactive_file", 0L));
        return OptionalLong.of(Math.max(0, memory.usage().current() - unused));
    }

    OptionalLong memoryLimit() {
        OptionalLong limit =
                now.memory().isPresent() ? now.memory().get().usage().limit() : OptionalLong.empty();
        return limit.isPresent() && limit.getAsLong() >= 0 && limit.getAsLong() < UNLIMITED
                ? limit
                : OptionalLong.empty();
    }

    OptionalLong pids() {
        return now.pids().isPresent() ? OptionalLong.of(now.pids().get().current()) : OptionalLong.empty();
    }

    OptionalLong pidsLimit() {
        return now.pids().isPresent() ? now.pids().get().limit() : OptionalLong.empty();
    }

    /** For how much of the last ten seconds a process was held up, in percent. */
    static OptionalDouble stalled(Optional<Pressure> pressure) {
        return pressure.isPresent() ? OptionalDouble.of(pressure.get().some().average10()) : OptionalDouble.empty();
    }
}
