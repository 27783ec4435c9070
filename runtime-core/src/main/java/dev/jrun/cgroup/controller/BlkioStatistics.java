// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import java.util.List;
import java.util.Optional;

/**
 * Input and output of block devices, with that of cgroups below.
 *
 * @param bytes how much
 * @param operations how often
 * @param pressure cgroup v2 only, if the kernel counts it
 */
public record BlkioStatistics(List<Entry> bytes, List<Entry> operations, Optional<Pressure> pressure) {

    public BlkioStatistics {
        bytes = List.copyOf(bytes);
        operations = List.copyOf(operations);
    }

    /**
     * Of one device.
     *
     * @param operation {@code Read}, {@code Write} and so on, as cgroup v1 calls it
     */
    public record Entry(long major, long minor, String operation, long value) {}
}
