// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * Limits of the container's cgroup, cgroups(7): {@code linux.resources}, and the document that {@code update} reads.
 *
 * @param devices in order; a later rule overrides an earlier one
 * @param pidsLimit {@code pids.limit}: maximum number of tasks, −1 for no limit; see {@link Config#resources} about 0
 * @param rdma by device name
 * @param unified by file name in the cgroup v2 directory
 */
public record Resources(
        List<DeviceRule> devices,
        Memory memory,
        Cpu cpu,
        OptionalLong pidsLimit,
        BlockIO blockIO,
        List<HugepageLimit> hugepageLimits,
        Network network,
        SequencedMap<String, Rdma> rdma,
        SequencedMap<String, String> unified) {
    /** The name in {@code unified} of the limit of swap alone. */
    public static final String SWAP_FILE = "memory.swap.max";

    /** No limits. */
    public static final Resources NONE = new Resources(
            List.of(),
            Memory.NONE,
            Cpu.NONE,
            OptionalLong.empty(),
            BlockIO.NONE,
            List.of(),
            Network.NONE,
            Maps.empty(),
            Maps.empty());

    public Resources {
        devices = List.copyOf(devices);
        hugepageLimits = List.copyOf(hugepageLimits);
        rdma = Maps.copyOf(rdma);
        unified = Maps.copyOf(unified);
    }

    /** The same, but for {@code cpu.quota} and {@code cpu.period}. */
    public Resources withBandwidth(long quota, long period) {
        Cpu changed = new Cpu(
                cpu.shares(),
                OptionalLong.of(quota),
                cpu.burst(),
                OptionalLong.of(period),
                cpu.realtimeRuntime(),
                cpu.realtimePeriod(),
                cpu.cpus(),
                cpu.mems(),
                cpu.idle());
        return new Resources(devices, memory, changed, pidsLimit, blockIO, hugepageLimits, network, rdma, unified);
    }

    /** The same, without a limit of how many tasks there may be. */
    public Resources withoutPidsLimit() {
        SequencedMap<String, String> files = new LinkedHashMap<>(unified);
        files.remove("pids.max");
        return new Resources(devices, memory, cpu, OptionalLong.empty(), blockIO, hugepageLimits, network, rdma, files);
    }

    /**
     * What they mean in a document that complies with this version of the specification: before 1.3, {@code pids.limit}
     * 0 was no limit; since then it is one, and nothing can be forked.
     */
    public Resources as(String ociVersion) {
        return pidsLimit.equals(OptionalLong.of(0)) && isBefore13(ociVersion)
                ? new Resources(
                        devices, memory, cpu, OptionalLong.empty(), blockIO, hugepageLimits, network, rdma, unified)
                : this;
    }

    private static boolean isBefore13(String ociVersion) {
        return List.of("0", "1", "2").contains(ociVersion.split("\\.")[1]);
    }

    /** The same, but for {@code memory.swap}. */
    public Resources withMemoryAndSwap(long sum) {
        return new Resources(
                devices, memory.withSwap(sum), cpu, pidsLimit, blockIO, hugepageLimits, network, rdma, unified);
    }

    /** The same, but for these rules. */
    public Resources withDevices(List<DeviceRule> rules) {
        return new Resources(rules, memory, cpu, pidsLimit, blockIO, hugepageLimits, network, rdma, unified);
    }

    /**
     * A rule of the device allow list.
     *
     * @param major absent: any ({@code -1} in a document means the same)
     * @param minor absent: any ({@code -1} in a document means the same)
     * @param access some of the letters {@code r} (read), {@code w} (write) and {@code m} (mknod), at least one
     */
    public record DeviceRule(boolean allow, Type type, OptionalLong major, OptionalLong minor, String access) {
        /** Which devices a rule is about. */
        public enum Type {
            /** Block and character devices; what an absent type means. */
            ALL("a"),
            BLOCK("b"),
            CHARACTER("c");

            private final String specName;

            Type(String specName) {
                this.specName = specName;
            }

            /** The name in config.json. */
            public String specName() {
                return specName;
            }
        }

        public boolean read() {
            return access.indexOf('r') >= 0;
        }

        public boolean write() {
            return access.indexOf('w') >= 0;
        }

        public boolean mknod() {
            return access.indexOf('m') >= 0;
        }
    }

    /**
     * Memory controller. All sizes are bytes, −1 is no limit.
     *
     * @param limit hard limit ({@code 0} in a document means the same as absence, as for the next two)
     * @param reservation soft limit
     * @param swap limit of memory and swap together, not less than {@code limit}
     * @param kernel deprecated by the specification
     * @param kernelTCP deprecated by the specification
     * @param swappiness uint64, unsigned; 0…100 makes sense
     * @param disableOOMKiller false means the same as absence, as for the next two
     */
    public record Memory(
            OptionalLong limit,
            OptionalLong reservation,
            OptionalLong swap,
            OptionalLong kernel,
            OptionalLong kernelTCP,
            OptionalLong swappiness,
            boolean disableOOMKiller,
            boolean useHierarchy,
            boolean checkBeforeUpdate) {
        public static final Memory NONE = new Memory(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                false,
                false);

        private Memory withSwap(long sum) {
            return new Memory(
                    limit,
                    reservation,
                    OptionalLong.of(sum),
                    kernel,
                    kernelTCP,
                    swappiness,
                    disableOOMKiller,
                    useHierarchy,
                    checkBeforeUpdate);
        }
    }

    /**
     * Cpu and cpuset controllers. Times are microseconds.
     *
     * @param shares relative weight, uint64, unsigned ({@code 0} in a document means the same as absence, as for quota
     *     and period)
     * @param quota time per period, −1 for no limit
     * @param burst unused quota that may be kept, uint64, unsigned
     * @param period uint64, unsigned
     * @param realtimeRuntime real-time share per real-time period
     * @param realtimePeriod uint64, unsigned
     * @param cpus list of CPUs in the format of cpuset(7)
     * @param mems list of memory nodes in the format of cpuset(7)
     * @param idle 1 for SCHED_IDLE, 0 for the default
     */
    public record Cpu(
            OptionalLong shares,
            OptionalLong quota,
            OptionalLong burst,
            OptionalLong period,
            OptionalLong realtimeRuntime,
            OptionalLong realtimePeriod,
            Optional<String> cpus,
            Optional<String> mems,
            OptionalLong idle) {
        public static final Cpu NONE = new Cpu(
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    /**
     * Block I/O controller.
     *
     * @param weight 1…65535, 10…1000 makes sense ({@code 0} in a document means the same as absence)
     * @param leafWeight as {@code weight}, for cgroup v1's CFQ
     * @param throttleReadBpsDevice bytes per second
     * @param throttleWriteBpsDevice bytes per second
     * @param throttleReadIOPSDevice operations per second
     * @param throttleWriteIOPSDevice operations per second
     */
    public record BlockIO(
            OptionalInt weight,
            OptionalInt leafWeight,
            List<WeightDevice> weightDevice,
            List<ThrottleDevice> throttleReadBpsDevice,
            List<ThrottleDevice> throttleWriteBpsDevice,
            List<ThrottleDevice> throttleReadIOPSDevice,
            List<ThrottleDevice> throttleWriteIOPSDevice) {
        public static final BlockIO NONE = new BlockIO(
                OptionalInt.empty(), OptionalInt.empty(), List.of(), List.of(), List.of(), List.of(), List.of());

        public BlockIO {
            weightDevice = List.copyOf(weightDevice);
            throttleReadBpsDevice = List.copyOf(throttleReadBpsDevice);
            throttleWriteBpsDevice = List.copyOf(throttleWriteBpsDevice);
            throttleReadIOPSDevice = List.copyOf(throttleReadIOPSDevice);
            throttleWriteIOPSDevice = List.copyOf(throttleWriteIOPSDevice);
        }
    }

    /** A device's weight; see {@link BlockIO}. */
    public record WeightDevice(long major, long minor, OptionalInt weight, OptionalInt leafWeight) {}

    /**
     * A device's limit; see {@link BlockIO}.
     *
     * @param rate uint64, unsigned
     */
    public record ThrottleDevice(long major, long minor, long rate) {}

    /**
     * Limit for huge pages of one size.
     *
     * @param pageSize such as {@code 2MB} or {@code 64KB}
     * @param limit bytes, uint64, unsigned
     */
    public record HugepageLimit(String pageSize, long limit) {}

    /**
     * Network classifier and priority controllers of cgroup v1.
     *
     * @param classID uint32
     */
    public record Network(OptionalLong classID, List<InterfacePriority> priorities) {
        public static final Network NONE = new Network(OptionalLong.empty(), List.of());

        public Network {
            priorities = List.copyOf(priorities);
        }
    }

    /**
     * Priority of what is sent over an interface.
     *
     * @param priority uint32
     */
    public record InterfacePriority(String name, long priority) {}

    /**
     * Limits of an RDMA device.
     *
     * @param hcaHandles uint32; absent: no limit
     * @param hcaObjects uint32; absent: no limit
     */
    public record Rdma(OptionalLong hcaHandles, OptionalLong hcaObjects) {}
}
