// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import java.util.Optional;

/** What a container uses and has used, by controller; what is missing, no controller counts here. */
public record Statistics(
        Optional<CpuStatistics> cpu,
        Optional<MemoryStatistics> memory,
        Optional<PidsStatistics> pids,
        Optional<BlkioStatistics> blkio) {}
