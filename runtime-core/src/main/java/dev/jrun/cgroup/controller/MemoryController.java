// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.MemoryStatistics;
import dev.jrun.cgroup.statistics.MemoryStatistics.Amount;
import dev.jrun.cgroup.writing.FormerValue;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.kernel.call.Failures;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much memory a container may use: {@code linux.resources.memory}. {@code kernel} has no effect, as no kernel since
 * Linux 5.16 has such a limit.
 *
 * <p>{@code swap} is the sum of memory and swap, as on cgroup v1; cgroup v2 limits swap alone, so the memory's limit is
 * subtracted there.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">memory on cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">memory on cgroup v2</a>
 */
public final class MemoryController implements ReportingController<MemoryStatistics> {
    private static final String LIMIT = "/linux/resources/memory/limit";
    private static final String RESERVATION = "/linux/resources/memory/reservation";
    private static final String SWAP = "/linux/resources/memory/swap";
    private static final String KERNEL_TCP = "/linux/resources/memory/kernelTCP";
    private static final String SWAPPINESS = "/linux/resources/memory/swappiness";
    private static final String OOM_KILLER = "/linux/resources/memory/disableOOMKiller";
    private static final String HIERARCHY = "/linux/resources/memory/useHierarchy";

    private static final String LEGACY_LIMIT = "memory.limit_in_bytes";
    private static final String LEGACY_SWAP = "memory.memsw.limit_in_bytes";
    private static final String UNIFIED_LIMIT = "memory.max";
    private static final String UNIFIED_SWAP = "memory.swap.max";

    private static final Path SWAPS = Path.of("/proc/swaps");
    private static final long UNLIMITED = -1;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        Memory memory = resources.memory();
        if (memory.limit().isEmpty()
                && memory.reservation().isEmpty()
                && memory.swap().isEmpty()
                && !asksForLegacyControls(memory)) {
            return;
        }
        ControllerFiles files = ControllerFiles.of(cgroup, name(), writing);
        if (memory.checkBeforeUpdate()) {
            checkUsage(files, memory.limit());
        }
        if (files.areLegacy()) {
            if (memory.useHierarchy()) {
                files.write("memory.use_hierarchy", "1", HIERARCHY);
            }
            applyLegacy(files, memory);
            applyLegacyControls(files, memory);
        } else {
            applyUnified(files, memory);
        }
    }

    private static boolean asksForLegacyControls(Memory memory) {
        return memory.kernelTCP().orElse(0) > 0
                || memory.swappiness().isPresent()
                || memory.disableOOMKiller()
                || memory.useHierarchy();
    }

    /** Where memory cannot be given up, the kernel would end processes until the limit holds. */
    private static void checkUsage(ControllerFiles files, OptionalLong limit) throws CgroupException {
        if (limit.isEmpty() || isUnlimited(limit)) {
            return;
        }
        String usage = files.areLegacy() ? "memory.usage_in_bytes" : "memory.current";
        long used = files.parse(usage, files.read(usage, LIMIT));
        if (Long.compareUnsigned(used, limit.getAsLong()) > 0) {
            throw files.failure(
                    LIMIT,
                    "limit %d is below the %d bytes in use; refused because checkBeforeUpdate is set"
                            .formatted(limit.getAsLong(), used));
        }
    }

    private static void applyLegacyControls(ControllerFiles files, Memory memory) throws CgroupException {
        if (memory.kernelTCP().orElse(0) > 0) {
            files.write(
                    "memory.kmem.tcp.limit_in_bytes",
                    Long.toString(memory.kernelTCP().getAsLong()),
                    KERNEL_TCP);
        }
        if (memory.swappiness().isPresent()) {
            files.write("memory.swappiness", Long.toString(memory.swappiness().getAsLong()), SWAPPINESS);
        }
        if (memory.disableOOMKiller()) {
            files.write("memory.oom_control", FormerValue.valueOf("oom_kill_disable"), "1", OOM_KILLER, "");
        }
    }

    /** What cgroup v2 always does is fine; what it cannot do is not. */
    private static void refuseLegacyControls(ControllerFiles files, Memory memory) throws CgroupException {
        if (memory.kernelTCP().orElse(0) > 0) {
            throw files.failure(KERNEL_TCP, "cgroup v2 counts it among all memory, and has no limit of its own for it");
        }
        if (memory.swappiness().isPresent()) {
            throw files.failure(SWAPPINESS, "cgroup v2 has only the host's, vm.swappiness");
        }
        if (memory.disableOOMKiller()) {
            throw files.failure(OOM_KILLER, "cgroup v2 cannot do that");
        }
    }

    /**
     * How many processes the kernel has killed because the cgroup's memory was used up.
     *
     * @return 0 also if the kernel does not count that
     */
    public static long oomKills(Cgroup cgroup) throws CgroupException {
        ControllerFiles files = ControllerFiles.of(cgroup, "memory");
        return files.readKey(files.areLegacy() ? "memory.oom_control" : "memory.events", "oom_kill")
                .map(Long::parseLong)
                .orElse(0L);
    }

    @Override
    public Optional<MemoryStatistics> report(Cgroup cgroup) throws CgroupException {
        ControllerFiles files = ControllerFiles.of(cgroup, name());
        Optional<Amount> usage = files.areLegacy() ? legacyAmount(files, "memory") : unifiedAmount(files, "memory");
        if (usage.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Long> raw = files.numbers("memory.stat");
        return Optional.of(
                files.areLegacy() ? legacyReport(files, usage.get(), raw) : unifiedReport(files, usage.get(), raw));
    }

    private static MemoryStatistics legacyReport(ControllerFiles files, Amount usage, Map<String, Long> raw)
            throws CgroupException {
        return new MemoryStatistics(
                raw.getOrDefault("cache", 0L),
                usage,
                legacyAmount(files, "memory.memsw"),
                legacyAmount(files, "memory.kmem"),
                legacyAmount(files, "memory.kmem.tcp"),
                raw);
    }

    private static Optional<Amount> legacyAmount(ControllerFiles files, String kind) throws CgroupException {
        OptionalLong current = files.number(kind + ".usage_in_bytes");
        return current.isEmpty()
                ? Optional.empty()
                : Optional.of(new Amount(
                        current.getAsLong(),
                        files.number(kind + ".max_usage_in_bytes"),
                        files.number(kind + ".limit_in_bytes"),
                        files.number(kind + ".failcnt")));
    }

    private static MemoryStatistics unifiedReport(ControllerFiles files, Amount usage, Map<String, Long> raw)
            throws CgroupException {
        return new MemoryStatistics(
                raw.getOrDefault("file", 0L),
                usage,
                Optional.of(withSwap(usage, unifiedAmount(files, "memory.swap"))),
                Optional.empty(),
                Optional.empty(),
                raw);
    }

    /** What both were at most at one time, the kernel does not say. */
    private static Amount withSwap(Amount memory, Optional<Amount> counted) {
        if (counted.isEmpty()) {
            return new Amount(memory.current(), OptionalLong.empty(), memory.limit(), OptionalLong.empty());
        }
        Amount swap = counted.get();
        OptionalLong limit = memory.limit().isPresent() && swap.limit().isPresent()
                ? OptionalLong.of(memory.limit().getAsLong() + swap.limit().getAsLong())
                : OptionalLong.empty();
        return new Amount(memory.current() + swap.current(), OptionalLong.empty(), limit, swap.failures());
    }

    private static Optional<Amount> unifiedAmount(ControllerFiles files, String kind) throws CgroupException {
        OptionalLong current = files.number(kind + ".current");
        if (current.isEmpty()) {
            return Optional.empty();
        }
        Long failures = files.numbers(kind + ".events").get("max");
        return Optional.of(new Amount(
                current.getAsLong(),
                files.number(kind + ".peak"),
                files.limit(kind + ".max"),
                failures == null ? OptionalLong.empty() : OptionalLong.of(failures)));
    }

    private static void applyLegacy(ControllerFiles files, Memory memory) throws CgroupException {
        OptionalLong limit = memory.limit();
        OptionalLong swap = memory.swap();
        if (isUnlimited(limit) && swap.isEmpty()) {
            // There can be no limit of the sum then either.
            swap = limit;
        }
        // The kernel refuses a limit of memory that is above that of the sum, at any moment.
        if (limit.isPresent() && swap.isPresent() && isAboveLegacyLimit(swap, files)) {
            writeLegacySwap(files, swap);
            writeLegacyLimit(files, limit);
        } else {
            writeLegacyLimit(files, limit);
            writeLegacySwap(files, swap);
        }
        if (memory.reservation().isPresent()) {
            files.write(
                    "memory.soft_limit_in_bytes",
                    Long.toString(memory.reservation().getAsLong()),
                    RESERVATION);
        }
    }

    private static boolean isAboveLegacyLimit(OptionalLong swap, ControllerFiles files) throws CgroupException {
        return isUnlimited(swap) || swap.getAsLong() > Long.parseLong(files.read(LEGACY_LIMIT, LIMIT));
    }

    private static void writeLegacyLimit(ControllerFiles files, OptionalLong limit) throws CgroupException {
        if (limit.isPresent()) {
            String value = Long.toString(limit.getAsLong());
            files.write(LEGACY_LIMIT, value, LIMIT, "", "memory.usage_in_bytes", LEGACY_SWAP);
        }
    }

    private static void writeLegacySwap(ControllerFiles files, OptionalLong swap) throws CgroupException {
        if (swap.isPresent() && !isNeedless(swap.getAsLong(), LEGACY_SWAP, files)) {
            files.write(LEGACY_SWAP, Long.toString(swap.getAsLong()), SWAP, "", LEGACY_LIMIT);
        }
    }

    private static void applyUnified(ControllerFiles files, Memory memory) throws CgroupException {
        refuseLegacyControls(files, memory);
        OptionalLong swap = swapAlone(files, memory);
        if (swap.isPresent() && !isNeedless(swap.getAsLong(), UNIFIED_SWAP, files)) {
            files.write(UNIFIED_SWAP, unified(swap.getAsLong()), SWAP);
        }
        if (memory.limit().isPresent()) {
            files.write(UNIFIED_LIMIT, unified(memory.limit().getAsLong()), LIMIT);
        }
        if (memory.reservation().isPresent()) {
            files.write("memory.low", unified(memory.reservation().getAsLong()), RESERVATION);
        }
    }

    private static OptionalLong swapAlone(ControllerFiles files, Memory memory) throws CgroupException {
        OptionalLong limit = memory.limit();
        OptionalLong swap = memory.swap();
        if (swap.isEmpty()) {
            return isUnlimited(limit) ? limit : swap;
        }
        if (isUnlimited(swap) || isUnlimited(limit)) {
            return swap;
        }
        return OptionalLong.of(swap.getAsLong() - (limit.isPresent() ? limit.getAsLong() : presentLimit(files, swap)));
    }

    /** What is not to be changed of the two that are limited together. */
    private static long presentLimit(ControllerFiles files, OptionalLong sum) throws CgroupException {
        OptionalLong present = files.limit(UNIFIED_LIMIT);
        if (present.isEmpty()) {
            throw files.failure(
                    SWAP,
                    "cgroup v2 limits swap alone, and this is the sum of memory and swap:"
                            + " give memory.limit too, so that the share of swap is known");
        }
        if (present.getAsLong() > sum.getAsLong()) {
            throw files.failure(
                    SWAP,
                    "found %d; it limits memory and swap together, and memory alone is limited to %d"
                            .formatted(sum.getAsLong(), present.getAsLong()));
        }
        return present.getAsLong();
    }

    /** Where the kernel does not count swap, no limit is kept anyway; and any is, where there is no swap at all. */
    private static boolean isNeedless(long swap, String file, ControllerFiles files) throws CgroupException {
        return !files.have(file) && (swap == UNLIMITED || !hostHasSwap());
    }

    private static boolean hostHasSwap() throws CgroupException {
        try {
            // The first line is a heading; there is no such file if the kernel cannot swap.
            return !Files.notExists(SWAPS) && Files.readAllLines(SWAPS).size() > 1;
        } catch (IOException error) {
            throw new CgroupException("read " + SWAPS + ": " + Failures.reason(error), error);
        }
    }

    private static String unified(long size) {
        return size == UNLIMITED ? "max" : Long.toString(size);
    }

    private static boolean isUnlimited(OptionalLong size) {
        return size.isPresent() && size.getAsLong() == UNLIMITED;
    }
}
