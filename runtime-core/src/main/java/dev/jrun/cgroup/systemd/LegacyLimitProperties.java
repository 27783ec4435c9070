// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.BlockIO;
import dev.jrun.spec.Resources.Cpu;
import dev.jrun.spec.Resources.Memory;

/** The limits of a container on a host that has controllers in hierarchies of cgroup v1. */
final class LegacyLimitProperties extends LimitProperties {

    LegacyLimitProperties(int version) {
        super(version);
    }

    @Override
    void addMemory(Memory memory) {
        addNumber("MemoryLimit", memory.limit());
    }

    @Override
    void addShares(Cpu cpu) {
        addNumber("CPUShares", cpu.shares());
    }

    @Override
    void addBlockIO(BlockIO io) {
        if (io.weight().isPresent()) {
            addNumber("BlockIOWeight", io.weight().getAsInt());
        }
    }

    /** They are those of cgroup v2. */
    @Override
    void addFiles(Resources resources) {}
}
