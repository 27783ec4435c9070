// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Range;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.Cpu;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.HugepageLimit;
import dev.jrun.spec.Resources.InterfacePriority;
import dev.jrun.spec.Resources.Memory;
import dev.jrun.spec.Resources.Network;
import dev.jrun.spec.Resources.Rdma;
import dev.jrun.spec.Resources.ThrottleDevice;
import dev.jrun.spec.Resources.WeightDevice;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes {@link Resources} of JSON: "Control groups" of config-linux.md. */
final class ResourcesBinding {
    /** A device number, or −1 for any. */
    private static final Range DEVICE_NUMBER = new Range(-1, Range.UINT32.max());

    private static final Names<DeviceRule.Type> DEVICE_TYPES =
            Names.of(DeviceRule.Type.values(), DeviceRule.Type::specName);

    private static final Range SWAPPINESS = new Range(0, 100);

    private ResourcesBinding() {}

    static Resources resources(Members json) {
        Resources resources = new Resources(
                json.objects("devices", ResourcesBinding::deviceRule),
                json.object("memory", ResourcesBinding::memory).orElse(Memory.NONE),
                json.object("cpu", ResourcesBinding::cpu).orElse(Cpu.NONE),
                json.object("pids", ResourcesBinding::pidsLimit).orElse(OptionalLong.empty()),
                json.object("blockIO", ResourcesBinding::blockIo).orElse(BlockIO.NONE),
                json.objects("hugepageLimits", ResourcesBinding::hugepageLimit),
                json.object("network", ResourcesBinding::network).orElse(Network.NONE),
                json.objectMap("rdma", ResourcesBinding::rdma),
                json.stringMap("unified"));
        for (String file : resources.unified().keySet()) {
            if (!Syntax.CGROUP_FILE.allows(file)) {
                json.problem(json.at("unified").member(file), "", "allowed: " + Syntax.CGROUP_FILE.allowed());
            }
        }
        return resources;
    }

    private static DeviceRule deviceRule(Members json) {
        if (!json.has("allow")) {
            json.problem("allow", "required: true or false");
        }
        return new DeviceRule(
                json.flag("allow"),
                json.oneOf("type", DEVICE_TYPES).orElse(DeviceRule.Type.ALL),
                deviceNumber("major", json),
                deviceNumber("minor", json),
                json.requiredString("access", Syntax.DEVICE_ACCESS));
    }

    private static OptionalLong deviceNumber(String name, Members json) {
        OptionalLong number = json.number(name, DEVICE_NUMBER);
        return number.isPresent() && number.getAsLong() == -1 ? OptionalLong.empty() : number;
    }

    private static Memory memory(Members json) {
        OptionalLong limit = unlessZero(json.number("limit", Range.INT64));
        OptionalLong swap = unlessZero(json.number("swap", Range.INT64));
        if (swap.orElse(-1) != -1 && swap.getAsLong() < limit.orElse(-1)) {
            json.problem("swap", "allowed: -1, or at least the limit, since it limits memory and swap together");
        }
        if (json.number("kernel", Range.INT64).orElse(0) > 0) {
            json.warning("kernel", "has no effect: no kernel since Linux 5.16 limits it apart from other memory");
        }
        return new Memory(
                limit,
                unlessZero(json.number("reservation", Range.INT64)),
                swap,
                json.number("kernel", Range.INT64),
                json.number("kernelTCP", Range.INT64),
                json.number("swappiness", SWAPPINESS),
                json.flag("disableOOMKiller"),
                json.flag("useHierarchy"),
                json.flag("checkBeforeUpdate"));
    }

    private static OptionalLong pidsLimit(Members json) {
        return json.number("limit", Range.INT64);
    }

    private static Cpu cpu(Members json) {
        Cpu cpu = new Cpu(
                unlessZero(json.number("shares", Range.UINT64)),
                unlessZero(json.number("quota", Range.INT64)),
                json.number("burst", Range.UINT64),
                unlessZero(json.number("period", Range.UINT64)),
                json.number("realtimeRuntime", Range.INT64),
                json.number("realtimePeriod", Range.UINT64),
                json.string("cpus", Syntax.NUMBER_LIST),
                json.string("mems", Syntax.NUMBER_LIST),
                json.number("idle", Range.INT64));
        long quota = cpu.quota().orElse(-1);
        if (quota > 0 && Long.compareUnsigned(cpu.burst().orElse(0), quota) > 0) {
            json.problem("burst", "allowed: at most the quota, " + quota);
        }
        return cpu;
    }

    private static BlockIO blockIo(Members json) {
        return new BlockIO(
                unlessZero(json.smallNumber("weight", Range.UINT16)),
                json.smallNumber("leafWeight", Range.UINT16),
                json.objects("weightDevice", ResourcesBinding::weightDevice),
                json.objects("throttleReadBpsDevice", ResourcesBinding::throttleDevice),
                json.objects("throttleWriteBpsDevice", ResourcesBinding::throttleDevice),
                json.objects("throttleReadIOPSDevice", ResourcesBinding::throttleDevice),
                json.objects("throttleWriteIOPSDevice", ResourcesBinding::throttleDevice));
    }

    private static OptionalLong unlessZero(OptionalLong number) {
        return number.orElse(0) == 0 ? OptionalLong.empty() : number;
    }

    private static OptionalInt unlessZero(OptionalInt number) {
        return number.orElse(0) == 0 ? OptionalInt.empty() : number;
    }

    private static WeightDevice weightDevice(Members json) {
        needOneOf("weight", "leafWeight", json);
        return new WeightDevice(
                json.requiredNumber("major", Range.UINT32),
                json.requiredNumber("minor", Range.UINT32),
                json.smallNumber("weight", Range.UINT16),
                json.smallNumber("leafWeight", Range.UINT16));
    }

    private static ThrottleDevice throttleDevice(Members json) {
        return new ThrottleDevice(
                json.requiredNumber("major", Range.UINT32),
                json.requiredNumber("minor", Range.UINT32),
                json.requiredNumber("rate", Range.UINT64));
    }

    private static HugepageLimit hugepageLimit(Members json) {
        return new HugepageLimit(
                json.requiredString("pageSize", Syntax.HUGE_PAGE_SIZE), json.requiredNumber("limit", Range.UINT64));
    }

    private static Network network(Members json) {
        return new Network(
                json.number("classID", Range.UINT32), json.objects("priorities", ResourcesBinding::interfacePriority));
    }

    private static InterfacePriority interfacePriority(Members json) {
        return new InterfacePriority(json.requiredString("name"), json.requiredNumber("priority", Range.UINT32));
    }

    private static void needOneOf(String name, String other, Members json) {
        if (!json.has(name) && !json.has(other)) {
            json.problem(name, "required: %s or %s".formatted(name, other));
        }
    }

    private static Rdma rdma(Members json) {
        needOneOf("hcaHandles", "hcaObjects", json);
        return new Rdma(json.number("hcaHandles", Range.UINT32), json.number("hcaObjects", Range.UINT32));
    }
}
