// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.kernel.call.Bpf;

/**
 * Some of read, write and mknod.
 *
 * @param bits BPF_DEVCG_ACC_*, 0 to 7
 */
public record DeviceAccess(int bits) {
    static final DeviceAccess ALL =
            new DeviceAccess(Bpf.BPF_DEVCG_ACC_READ | Bpf.BPF_DEVCG_ACC_WRITE | Bpf.BPF_DEVCG_ACC_MKNOD);

    public static DeviceAccess of(String letters) {
        int bits = 0;
        for (char letter : letters.toCharArray()) {
            bits |= switch (letter) {
                case 'r' -> Bpf.BPF_DEVCG_ACC_READ;
                case 'w' -> Bpf.BPF_DEVCG_ACC_WRITE;
                case 'm' -> Bpf.BPF_DEVCG_ACC_MKNOD;
                default -> throw new IllegalArgumentException("device access '" + letter + "' is none of r, w, m");
            };
        }
        return new DeviceAccess(bits);
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    boolean overlaps(DeviceAccess other) {
        return (bits & other.bits) != 0;
    }

    boolean contains(DeviceAccess other) {
        return (other.bits & ~bits) == 0;
    }

    DeviceAccess plus(DeviceAccess other) {
        return new DeviceAccess(bits | other.bits);
    }

    public DeviceAccess minus(DeviceAccess other) {
        return new DeviceAccess(bits & ~other.bits);
    }

    /** The letters, in the kernel's order. */
    @Override
    public String toString() {
        return ((bits & Bpf.BPF_DEVCG_ACC_READ) != 0 ? "r" : "")
                + ((bits & Bpf.BPF_DEVCG_ACC_WRITE) != 0 ? "w" : "")
                + ((bits & Bpf.BPF_DEVCG_ACC_MKNOD) != 0 ? "m" : "");
    }
}
