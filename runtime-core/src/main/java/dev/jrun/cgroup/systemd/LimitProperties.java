// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.Cpu;
import dev.jrun.spec.Resources.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The limits of a container as properties of its unit, so that systemd does not write others over them, and
 * {@code systemctl show} says what they are. What systemd has no property for is only in the files.
 * systemd.resource-control(5).
 */
abstract sealed class LimitProperties permits LegacyLimitProperties, UnifiedLimitProperties {

    /** systemd itself knows whole percents of a processor. */
    private static final long MICROSECONDS_PER_PERCENT = 10_000;

    private static final long MICROSECONDS_PER_SECOND = 1_000_000;

    /** The kernel's, of both versions: sched-bwc. */
    private static final long USUAL_PERIOD = 100_000;

    private final int version;
    private final List<UnitProperty> properties = new ArrayList<>();

    /** @param version of systemd */
    LimitProperties(int version) {
        this.version = version;
    }

    /** What these resources say; nothing of what they say nothing about. To be asked once. */
    final List<UnitProperty> of(Resources resources) {
        addMemory(resources.memory());
        addCpu(resources.cpu());
        if (resources.pidsLimit().isPresent()) {
            addTasks(resources.pidsLimit().getAsLong());
        }
        addBlockIO(resources.blockIO());
        addFiles(resources);
        return properties;
    }

    abstract void addMemory(Memory memory);

    /** The share of the processors. */
    abstract void addShares(Cpu cpu);

    abstract void addBlockIO(BlockIO io);

    /** Of the files that the document names itself. */
    abstract void addFiles(Resources resources);

    final int version() {
        return version;
    }

    final void add(UnitProperty property) {
        properties.add(property);
    }

    final void addNumber(String name, long value) {
        // What comes last is what holds, as with the files.
        properties.removeIf(earlier -> earlier.name().equals(name));
        properties.add(UnitProperty.number(name, value));
    }

    final void addNumber(String name, OptionalLong value) {
        if (value.isPresent()) {
            addNumber(name, value.getAsLong());
        }
    }

    /** systemd knows no limit of none; with one task, nothing can be forked either. */
    private void addTasks(long limit) {
        addNumber("TasksMax", limit == 0 ? 1 : limit);
    }

    private void addCpu(Cpu cpu) {
        addShares(cpu);
        addQuota(cpu.quota(), cpu.period());
        addNumbers("AllowedCPUs", cpu.cpus());
        addNumbers("AllowedMemoryNodes", cpu.mems());
    }

    final void addQuota(OptionalLong quota, OptionalLong period) {
        if (period.isPresent() && version >= 242) {
            addNumber("CPUQuotaPeriodUSec", period.getAsLong());
        }
        if (quota.isPresent()) {
            addNumber("CPUQuotaPerSecUSec", perSecond(quota.getAsLong(), period.orElse(USUAL_PERIOD)));
        }
    }

    /** Rounded up: the exact value is written to the file afterwards, and must not be above what systemd allows. */
    private static long perSecond(long quota, long period) {
        if (quota <= 0 || period <= 0) {
            return UnitProperty.INFINITY;
        }
        if (quota > Long.MAX_VALUE / MICROSECONDS_PER_SECOND) {
            return UnitProperty.INFINITY;
        }
        long exact = Long.divideUnsigned(quota * MICROSECONDS_PER_SECOND, period);
        return Math.max(1, Math.ceilDiv(exact, MICROSECONDS_PER_PERCENT)) * MICROSECONDS_PER_PERCENT;
    }

    /** Bits, the lowest first. */
    final void addNumbers(String name, Optional<String> list) {
        if (list.isEmpty() || list.get().isEmpty() || version < 244) {
            return;
        }
        Optional<List<Byte>> bits = CpuList.bits(list.get());
        if (bits.isEmpty()) {
            return;
        }
        properties.removeIf(earlier -> earlier.name().equals(name));
        properties.add(UnitProperty.bytes(name, bits.get()));
    }
}
