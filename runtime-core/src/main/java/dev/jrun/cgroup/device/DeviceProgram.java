// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import static dev.jrun.cgroup.device.BpfAssembler.Register.R1;
import static dev.jrun.cgroup.device.BpfAssembler.Register.R2;
import static dev.jrun.cgroup.device.BpfAssembler.Register.R3;
import static dev.jrun.cgroup.device.BpfAssembler.Register.R4;
import static dev.jrun.cgroup.device.BpfAssembler.Register.R5;

import dev.jrun.cgroup.device.BpfAssembler.Label;
import dev.jrun.cgroup.device.BpfAssembler.Register;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A device policy as an eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE. It tests the type once, each major number
 * once, and then minor number and access of the exceptions with that major number.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#device-controller">cgroup-v2.rst, device
 *     controller</a>
 */
public final class DeviceProgram {
    private static final int ALLOW = 1;
    private static final int DENY = 0;

    /**
     * {@code struct bpf_cgroup_dev_ctx}: access type (the device's type and, 16 bits higher, the access), major, minor.
     */
    private static final int ACCESS_TYPE_OFFSET = 0;

    private static final int MAJOR_OFFSET = 4;
    private static final int MINOR_OFFSET = 8;

    private static final Register TYPE = R2;
    private static final Register ACCESS = R3;
    private static final Register MAJOR = R4;
    private static final Register MINOR = R5;

    private final DevicePolicy policy;
    private final BpfAssembler assembler = new BpfAssembler();

    private DeviceProgram(DevicePolicy policy) {
        this.policy = policy;
    }

    /**
     * @return instructions for {@link dev.jrun.kernel.call.Bpf#load}
     * @throws ArithmeticException if the policy has too many exceptions, of which there can be 8,000 at least
     */
    public static byte[] of(DevicePolicy policy) {
        return new DeviceProgram(policy).assemble();
    }

    private byte[] assemble() {
        assembler
                .load(TYPE, R1, ACCESS_TYPE_OFFSET)
                .move(ACCESS, TYPE)
                .and(TYPE, 0xffff)
                .shiftRight(ACCESS, 16)
                .load(MAJOR, R1, MAJOR_OFFSET)
                .load(MINOR, R1, MINOR_OFFSET);
        grouped().forEach((type, exceptions) -> {
            Label next = new Label();
            assembler.jumpIfNot(TYPE, type.number(), next);
            exceptions.forEach(this::addMajor);
            assembler.place(next);
        });
        return assembler.exit(policy.allowsByDefault() ? ALLOW : DENY).assemble();
    }

    private Map<DeviceType, SortedMap<Long, SortedMap<DeviceNumbers, DeviceAccess>>> grouped() {
        Map<DeviceType, SortedMap<Long, SortedMap<DeviceNumbers, DeviceAccess>>> grouped = new TreeMap<>();
        for (Entry<DeviceNumbers, DevicePolicy.Access> exception :
                policy.exceptions().entrySet()) {
            DeviceNumbers numbers = exception.getKey();
            grouped.computeIfAbsent(numbers.type(), type -> new TreeMap<>())
                    .computeIfAbsent(numbers.major(), major -> new TreeMap<>())
                    .put(numbers, exception.getValue().access());
        }
        return grouped;
    }

    private void addMajor(long major, Map<DeviceNumbers, DeviceAccess> exceptions) {
        Label next = new Label();
        if (major != DeviceNumbers.ANY) {
            assembler.jumpIfNot(MAJOR, (int) major, next);
        }
        exceptions.forEach(this::addException);
        assembler.place(next);
    }

    private void addException(DeviceNumbers numbers, DeviceAccess access) {
        Label next = new Label();
        if (numbers.minor() != DeviceNumbers.ANY) {
            assembler.jumpIfNot(MINOR, (int) numbers.minor(), next);
        }
        if (policy.allowsByDefault()) {
            // One forbidden access among those wanted is enough to refuse them.
            Label refused = new Label();
            assembler.jumpIfAnyBit(ACCESS, access.bits(), refused).jump(next).place(refused);
        } else if (!access.contains(DeviceAccess.ALL)) {
            // One exception must allow all the access that is wanted.
            assembler.jumpIfAnyBit(ACCESS, DeviceAccess.ALL.minus(access).bits(), next);
        }
        assembler.exit(policy.allowsByDefault() ? DENY : ALLOW).place(next);
    }
}
