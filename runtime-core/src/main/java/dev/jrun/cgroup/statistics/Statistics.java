// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a container uses and has used, by controller; what is missing, no controller counts here.
 *
 * @param hugetlb by the size of the pages, such as {@code 2MB}
 */
public record Statistics(
        Optional<CpuStatistics> cpu,
        Optional<CpusetStatistics> cpuset,
        Optional<MemoryStatistics> memory,
        Optional<PidsStatistics> pids,
        Optional<BlkioStatistics> blkio,
        Map<String, HugetlbStatistics> hugetlb,
        Pressures pressure) {

    /** What is said of a cgroup that is gone. */
    public static final Statistics NONE = new Statistics(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Pressures.NONE);

    public Statistics {
        hugetlb = Collections.unmodifiableMap(new LinkedHashMap<>(hugetlb));
    }
}
