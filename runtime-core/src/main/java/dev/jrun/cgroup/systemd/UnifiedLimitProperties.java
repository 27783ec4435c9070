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
 * The limits of a container on a host with cgroup v2 alone: those of the document's own fields, and those of the files
 * of cgroup v2 that it names.
 */
final class UnifiedLimitProperties extends LimitProperties {

    private static final int HAS_IDLE = 252;
    private static final long IDLE_WEIGHT = 0;
    private static final long USUAL_WEIGHT = 100;

    private static final String BLOCK_DEVICES = "/dev/block/";

    UnifiedLimitProperties(int version) {
        super(version);
    }

    @Override
    void addMemory(Memory memory) {
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

    @Override
    void addShares(Cpu cpu) {
        if (cpu.idle().orElse(0) == 1 && version() >= HAS_IDLE) {
            addNumber("CPUWeight", IDLE_WEIGHT);
        } else if (cpu.shares().isPresent()) {
            addNumber("CPUWeight", CpuController.weight(cpu.shares().getAsLong()));
        }
    }

    @Override
    void addBlockIO(BlockIO io) {
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
            add(new UnitProperty(name, "a(st)", devices));
        }
    }

    private static String blockDevice(long major, long minor) {
        return BLOCK_DEVICES + major + ":" + minor;
    }

    @Override
    void addFiles(Resources resources) {
        for (Entry<String, String> file : resources.unified().entrySet()) {
            addFile(file.getKey(), file.getValue().strip());
        }
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
                    addSince(HAS_IDLE, "CPUWeight", Long.toString(IDLE_WEIGHT));
                }
            }
            case "cpu.max" -> addQuota(value.split("\\s+"));
            case "io.weight" -> addWeight(value.split("\\s+"), weight -> weight);
            case "io.bfq.weight" -> addWeight(value.split("\\s+"), UnifiedLimitProperties::weight);
            case "io.max" -> addRates(value.split("\\s+"));
            case "cpuset.cpus" -> addNumbers("AllowedCPUs", Optional.of(value));
            case "cpuset.mems" -> addNumbers("AllowedMemoryNodes", Optional.of(value));
            default -> {
                // Only the kernel knows it.
            }
        }
    }

    private void addSince(int since, String property, String value) {
        if (version() >= since) {
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
