// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cgroup.controller.BlkioStatistics;
import dev.jrun.cgroup.controller.Statistics;
import java.util.List;

/**
 * What a container had used at one moment, as far as rates are made of it.
 *
 * @param cpu time on CPUs, in nanoseconds
 * @param read bytes from block devices
 * @param written bytes to block devices
 */
record Sample(String id, long cpu, long read, long written) {

    static Sample of(String id, Statistics statistics) {
        long cpu = statistics.cpu().isPresent() ? statistics.cpu().get().total() : 0;
        return statistics.blkio().isPresent()
                ? new Sample(
                        id,
                        cpu,
                        sum(statistics.blkio().get().bytes(), "Read"),
                        sum(statistics.blkio().get().bytes(), "Write"))
                : new Sample(id, cpu, 0, 0);
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
}
