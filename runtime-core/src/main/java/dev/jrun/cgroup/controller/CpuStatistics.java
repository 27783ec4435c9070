// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import java.util.List;
import java.util.Optional;

/**
 * Time on CPUs, in nanoseconds.
 *
 * @param total of all
 * @param user of that, in user mode
 * @param kernel of that, in the kernel
 * @param processors the total of each; cgroup v1 only
 * @param throttling empty if no controller throttles here
 * @param pressure cgroup v2 only, if the kernel counts it
 */
public record CpuStatistics(
        long total,
        long user,
        long kernel,
        List<Long> processors,
        Optional<Throttling> throttling,
        Optional<Pressure> pressure) {

    public CpuStatistics {
        processors = List.copyOf(processors);
    }

    /**
     * What the quota has done.
     *
     * @param periods how many periods there were with something to run
     * @param throttledPeriods in how many of these the quota was used up
     * @param throttledTime how long, in nanoseconds, something would have run but for that
     */
    public record Throttling(long periods, long throttledPeriods, long throttledTime) {}
}
