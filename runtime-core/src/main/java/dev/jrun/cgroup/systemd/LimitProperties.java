// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.controller.CpuController;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.Cpu;
import dev.jrun.spec.Resources.Memory;
import dev.jrun.spec.Resources.ThrottleDevice;
import dev.jrun.spec.Resources.WeightDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;

/**
 * The limits of a container as properties of its unit, so that systemd does not write others over them, and
 * {@code systemctl show} says what they are. What systemd has no property for is only in the files.
 * systemd.resource-control(5).
 */
final class LimitProperties {

    /** systemd itself knows whole percents of a processor. */
    private static final long MICROSECONDS_PER_PERCENT = 10_000;

    private static final long MICROSECONDS_PER_SECOND = 1_000_000;

    /** The kernel's, of both versions: sched-bwc. */
    private static final long USUAL_PERIOD = 100_000;

    private static final long IDLE_WEIGHT = 0;
    private static final long USUAL_WEIGHT = 100;

    private static final String BLOCK_DEVICES = "/dev/block/";

    private final int version;
    private final boolean unifiedHierarchy;
    private final List<UnitProperty> properties = new ArrayList<>();

    private LimitProperties(int version, boolean unifiedHierarchy) {
        this.version = version;
        this.unifiedHierarchy = unifiedHierarchy;
    }

    /**
     * What these resources say; nothing of what they say nothing about.
     *
     * @param version of systemd
     * @param unified whether the host has cgroup v2 alone
     */
    static List<UnitProperty> of(Resources resources, int version, boolean unified) {
        var limits = new LimitProperties(version, unified);
        limits.addMemory(resources.memory());
        limits.addCpu(resources.cpu());
        if (resources.pidsLimit().isPresent()) {
            limits.addTasks(resources.pidsLimit().getAsLong());
        }
        limits.addBlockIO(resources.blockIO());
        if (unified) {
            for (Entry<String, String> file : resources.unified().entrySet()) {
                limits.addFile(file.getKey(), file.getValue().strip());
            }
        }
        return limits.properties;
    }

    private void addNumber(String name, long value) {
        // What comes last is what holds, as with the files.
        properties.removeIf(earlier -> earlier.name().equals(name));
        properties.add(UnitProperty.number(name, value));
    }

    private void addNumber(String name, OptionalLong value) {
        if (value.isPresent()) {
            addNumber(name, value.getAsLong());
        }
    }

    /** systemd knows no limit of none; with one task, nothing can be forked either. */
    private void addTasks(long limit) {
        addNumber("TasksMax", limit == 0 ? 1 : limit);
    }

    private void addMemory(Memory memory) {
        if (!unifiedHierarchy) {
            addNumber("MemoryLimit", memory.limit());
            return;
        }
        addNumber("MemoryMax", memory.limit());
        addNumber("MemoryLow", memory.reservation());
        addNumber("MemorySwapMax", swapAlone(memory));
    }

    /** {@code swap} is the sum of both; cgroup v2 limits swap alone. What cannot be told, the controller refuses. */
    private static OptionalLong swapAlone(Memory memory) {
        OptionalLong limit = memory.limit();
        OptionalLong swap = memory.swap();
        if (swap.isEmpty()) {
            return limit.orElse(0) == UnitProperty.INFINITY ? limit : swap;
        }
        if (swap.getAsLong() == UnitProperty.INFINITY || limit.orElse(0) == UnitProperty.INFINITY) {
            return swap;
        }
        return limit.isPresent() ? OptionalLong.of(swap.getAsLong() - limit.getAsLong()) : limit;
    }

    private void addCpu(Cpu cpu) {
        boolean idle = cpu.idle().orElse(0) == 1 && version >= 252 && unifiedHierarchy;
        if (idle) {
            addNumber("CPUWeight", IDLE_WEIGHT);
        } else if (cpu.shares().isPresent()) {
            long shares = cpu.shares().getAsLong();
            addNumber(
                    unifiedHierarchy ? "CPUWeight" : "CPUShares",
                    unifiedHierarchy ? CpuController.weight(shares) : shares);
        }
        addQuota(cpu.quota(), cpu.period());
        addNumbers("AllowedCPUs", cpu.cpus());
        addNumbers("AllowedMemoryNodes", cpu.mems());
    }

    private void addQuota(OptionalLong quota, OptionalLong period) {
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
    private void addNumbers(String name, Optional<String> list) {
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

    private void addBlockIO(BlockIO io) {
        if (!unifiedHierarchy) {
            if (io.weight().isPresent()) {
                addNumber("BlockIOWeight", io.weight().getAsInt());
            }
            return;
        }
        if (io.weight().isPresent()) {
            addNumber("IOWeight", weight(io.weight().getAsInt()));
        }
        List<Object> weights = new ArrayList<>();
        for (WeightDevice device : io.weightDevice()) {
            if (device.weight().isPresent()) {
                long weight = weight(device.weight().getAsInt());
                weights.add(List.of(blockDevice(device.major(), device.minor()), weight));
            }
        }
        addDevices("IODeviceWeight", weights);
        addRates("IOReadBandwidthMax", io.throttleReadBpsDevice());
        addRates("IOWriteBandwidthMax", io.throttleWriteBpsDevice());
        addRates("IOReadIOPSMax", io.throttleReadIOPSDevice());
        addRates("IOWriteIOPSMax", io.throttleWriteIOPSDevice());
    }

    /** The one of which systemd makes this weight again where it writes that of BFQ: BFQ_WEIGHT of its source. */
    private static long weight(long ofBfq) {
        return ofBfq <= USUAL_WEIGHT ? ofBfq : USUAL_WEIGHT + 11L * (ofBfq - USUAL_WEIGHT);
    }

    private void addRates(String name, List<ThrottleDevice> devices) {
        List<Object> rates = new ArrayList<>();
        for (ThrottleDevice device : devices) {
            long rate = device.rate() == 0 ? UnitProperty.INFINITY : device.rate();
            rates.add(List.of(blockDevice(device.major(), device.minor()), rate));
        }
        addDevices(name, rates);
    }

    private void addDevices(String name, List<Object> devices) {
        if (!devices.isEmpty()) {
            properties.add(new UnitProperty(name, "a(st)", devices));
        }
    }

    private static String blockDevice(long major, long minor) {
        return BLOCK_DEVICES + major + ":" + minor;
    }

    /** A file that the document names itself; what is malformed, the kernel refuses. */
    private void addFile(String name, String value) {
        switch (name) {
            case "memory.max" -> addLimit("MemoryMax", value);
            case "memory.high" -> addLimit("MemoryHigh", value);
            case "memory.low" -> addLimit("MemoryLow", value);
            case "memory.min" -> addLimit("MemoryMin", value);
            case "memory.swap.max" -> addLimit("MemorySwapMax", value);
            case "memory.zswap.max" -> addSince(253, "MemoryZSwapMax", value);
            case "pids.max" -> addLimit("TasksMax", value.equals("0") ? "1" : value);
            case "cpu.weight" -> addLimit("CPUWeight", value);
            case "cpu.idle" -> {
                if (value.equals("1")) {
                    addSince(252, "CPUWeight", Long.toString(IDLE_WEIGHT));
                }
            }
            case "cpu.max" -> addQuota(value.split("\\s+"));
            case "io.weight" -> addWeight(value.split("\\s+"), weight -> weight);
            case "io.bfq.weight" -> addWeight(value.split("\\s+"), LimitProperties::weight);
            case "io.max" -> addRates(value.split("\\s+"));
            case "cpuset.cpus" -> addNumbers("AllowedCPUs", Optional.of(value));
            case "cpuset.mems" -> addNumbers("AllowedMemoryNodes", Optional.of(value));
            default -> {
                // Only the kernel knows it.
            }
        }
    }

    private void addSince(int since, String property, String value) {
        if (version >= since) {
            addLimit(property, value);
        }
    }

    private void addLimit(String property, String value) {
        if (value.equals("max")) {
            addNumber(property, UnitProperty.INFINITY);
        } else {
            addNumber(property, number(value));
        }
    }

    private void addQuota(String[] words) {
        OptionalLong period = words.length > 1 ? number(words[1]) : OptionalLong.empty();
        OptionalLong quota = words[0].equals("max") ? OptionalLong.of(UnitProperty.INFINITY) : number(words[0]);
        addQuota(quota, period);
    }

    /** {@code WEIGHT}, {@code default WEIGHT}, or {@code MAJOR:MINOR WEIGHT}, which may be {@code default}. */
    private void addWeight(String[] words, LongUnaryOperator scale) {
        // systemd cannot be told that a device has no weight of its own any more, but that it has the usual one.
        String word = words[words.length - 1];
        OptionalLong weight = word.equals("default") ? OptionalLong.of(USUAL_WEIGHT) : number(word);
        if (weight.isEmpty() || words.length > 2) {
            return;
        }
        long scaled = scale.applyAsLong(weight.getAsLong());
        if (words.length == 1 || words[0].equals("default")) {
            addNumber("IOWeight", scaled);
        } else if (isDevice(words[0])) {
            addDevices("IODeviceWeight", List.of(List.of(BLOCK_DEVICES + words[0], scaled)));
        }
    }

    /** {@code MAJOR:MINOR rbps=RATE wiops=max}. */
    private void addRates(String[] words) {
        if (!isDevice(words[0])) {
            return;
        }
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String word = words[i].substring(equals + 1);
            OptionalLong rate = word.equals("max") ? OptionalLong.of(UnitProperty.INFINITY) : number(word);
            Optional<String> property = rateProperty(words[i].substring(0, Math.max(0, equals)));
            if (property.isPresent() && rate.isPresent()) {
                addDevices(property.get(), List.of(List.of(BLOCK_DEVICES + words[0], rate.getAsLong())));
            }
        }
    }

    private static Optional<String> rateProperty(String key) {
        return switch (key) {
            case "rbps" -> Optional.of("IOReadBandwidthMax");
            case "wbps" -> Optional.of("IOWriteBandwidthMax");
            case "riops" -> Optional.of("IOReadIOPSMax");
            case "wiops" -> Optional.of("IOWriteIOPSMax");
            default -> Optional.empty();
        };
    }

    private static boolean isDevice(String word) {
        int colon = word.indexOf(':');
        return colon > 0
                && number(word.substring(0, colon)).isPresent()
                && number(word.substring(colon + 1)).isPresent();
    }

    private static OptionalLong number(String word) {
        try {
            return OptionalLong.of(Long.parseUnsignedLong(word));
        } catch (NumberFormatException malformed) {
            return OptionalLong.empty();
        }
    }
}
