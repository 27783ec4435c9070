// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.List;

/**
 * Input and output of block devices, with that of cgroups below.
 *
 * @param bytes how much
 * @param operations how often
 * @param scheduling what the scheduler BFQ counts besides
 */
public record BlkioStatistics(List<Entry> bytes, List<Entry> operations, Scheduling scheduling) {

    public BlkioStatistics {
        bytes = List.copyOf(bytes);
        operations = List.copyOf(operations);
    }

    /**
     * Of one device.
     *
     * @param operation {@code Read}, {@code Write} and so on, as cgroup v1 calls it; empty where they are not told
     *     apart
     */
    public record Entry(long major, long minor, String operation, long value) {}

    /**
     * On cgroup v1, if the kernel has CONFIG_BFQ_CGROUP_DEBUG.
     *
     * @param queued how many operations wait
     * @param serviceTime how long devices took, in nanoseconds
     * @param waitTime how long operations waited for devices, in nanoseconds
     * @param merged how many operations became part of others
     * @param time how long devices were the cgroup's, in milliseconds
     * @param sectors how many sectors were transferred
     */
    public record Scheduling(
            List<Entry> queued,
            List<Entry> serviceTime,
            List<Entry> waitTime,
            List<Entry> merged,
            List<Entry> time,
            List<Entry> sectors) {

        /** None of it is counted. */
        public static final Scheduling NONE =
                new Scheduling(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        public Scheduling {
            queued = List.copyOf(queued);
            serviceTime = List.copyOf(serviceTime);
            waitTime = List.copyOf(waitTime);
            merged = List.copyOf(merged);
            time = List.copyOf(time);
            sectors = List.copyOf(sectors);
        }
    }
}
