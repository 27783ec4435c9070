// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.List;
import java.util.Optional;

/**
 * Time on CPUs, in nanoseconds.
 *
 * @param total of all
 * @param user of that, in user mode
 * @param kernel of that, in the kernel
 * @param processors of each; none on cgroup v2
 * @param throttling empty if no controller throttles here
 */
public record CpuStatistics(
        long total, long user, long kernel, List<Processor> processors, Optional<Throttling> throttling) {

    public CpuStatistics {
        processors = List.copyOf(processors);
    }

    /** Of one processor, as of all. */
    public record Processor(long total, long user, long kernel) {}

    /**
     * What the quota has done.
     *
     * @param periods how many periods there were with something to run
     * @param throttledPeriods in how many of these the quota was used up
     * @param throttledTime how long, in nanoseconds, something would have run but for that
     */
    public record Throttling(long periods, long throttledPeriods, long throttledTime) {}
}
