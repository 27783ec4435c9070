// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Memory, in bytes.
 *
 * @param cache what of it holds contents of files
 * @param usage memory alone
 * @param swap on cgroup v1 the sum of memory and swap, on cgroup v2 swap alone; empty if the kernel does not count it
 * @param kernel what the kernel itself needs for the cgroup; cgroup v1 only
 * @param kernelTcp the buffers of TCP sockets; cgroup v1 only
 * @param raw all lines of {@code memory.stat}, in their order
 * @param pressure cgroup v2 only, if the kernel counts it
 */
public record MemoryStatistics(
        long cache,
        Amount usage,
        Optional<Amount> swap,
        Optional<Amount> kernel,
        Optional<Amount> kernelTcp,
        Map<String, Long> raw,
        Optional<Pressure> pressure) {

    public MemoryStatistics {
        raw = Collections.unmodifiableMap(new LinkedHashMap<>(raw));
    }

    /**
     * Of one kind.
     *
     * @param current how much is used
     * @param peak the most that was; empty if the kernel does not remember
     * @param limit how much may be used; empty: any amount
     * @param failures how often the limit was in the way; empty if the kernel does not count that
     */
    public record Amount(long current, OptionalLong peak, OptionalLong limit, OptionalLong failures) {}
}
