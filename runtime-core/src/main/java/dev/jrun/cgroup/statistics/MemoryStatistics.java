// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.statistics;

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
 * @param withSwap memory and swap together, as cgroup v1 counts them; on cgroup v2, which counts swap alone, the sum of
 *     both; empty if cgroup v1 does not count it
 * @param kernel what the kernel itself needs for the cgroup; cgroup v1 only
 * @param kernelTcp the buffers of TCP sockets; cgroup v1 only
 * @param raw all lines of {@code memory.stat}, in their order
 */
public record MemoryStatistics(
        long cache,
        Amount usage,
        Optional<Amount> withSwap,
        Optional<Amount> kernel,
        Optional<Amount> kernelTcp,
        Map<String, Long> raw) {

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
