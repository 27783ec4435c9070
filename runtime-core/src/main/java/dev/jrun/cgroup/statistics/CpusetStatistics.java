// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

import java.util.List;

/**
 * Where processes may be, and what else cpuset of cgroup v1 is set to.
 *
 * @param cpus numbers of CPUs
 * @param mems numbers of memory nodes
 * @see <a href="https://man7.org/linux/man-pages/man7/cpuset.7.html">cpuset(7)</a>
 */
public record CpusetStatistics(
        List<Integer> cpus,
        List<Integer> mems,
        long cpuExclusive,
        long memHardwall,
        long memExclusive,
        long memoryMigrate,
        long memorySpreadPage,
        long memorySpreadSlab,
        long memoryPressure,
        long schedLoadBalance,
        long schedRelaxDomainLevel) {

    public CpusetStatistics {
        cpus = List.copyOf(cpus);
        mems = List.copyOf(mems);
    }
}
