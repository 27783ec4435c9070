// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.kernel.call.Bpf;

/** The two kinds of device nodes, each with numbers of its own. */
public enum DeviceType {
    BLOCK('b', Bpf.BPF_DEVCG_DEV_BLOCK),
    CHARACTER('c', Bpf.BPF_DEVCG_DEV_CHAR);

    private final char letter;
    private final int number;

    DeviceType(char letter, int number) {
        this.letter = letter;
        this.number = number;
    }

    /** As the files of the devices controller write it. */
    char letter() {
        return letter;
    }

    /** As a device program gets it. */
    int number() {
        return number;
    }
}
