// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Ioprio;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.spec.IoPriority;

/**
 * {@code process.ioPriority}, ioprio_set(2). Real time needs CAP_SYS_NICE, so this comes before capabilities are
 * dropped.
 */
final class IoScheduling {

    private IoScheduling() {}

    /** Whether it takes CAP_SYS_NICE even of who has it already. */
    static boolean takesPrivilege(IoPriority priority) {
        return priority.ioClass() == IoPriority.IoClass.IOPRIO_CLASS_RT;
    }

    /**
     * Sets it for a process group, of which init is the leader and only member.
     *
     * @param init its pid; 0 in itself
     */
    static void assemble(Assembler asm, IoPriority priority, Operand init) {
        asm.source("/process/ioPriority", "set the I/O priority to " + priority.ioClass() + ", " + priority.priority());
        long number = ioClass(priority.ioClass()) << Ioprio.IOPRIO_CLASS_SHIFT | priority.priority();
        asm.call(Syscall.IOPRIO_SET, value(Ioprio.IOPRIO_WHO_PGRP), init, value(number));
    }

    private static long ioClass(IoPriority.IoClass ioClass) {
        return switch (ioClass) {
            case IOPRIO_CLASS_RT -> Ioprio.IOPRIO_CLASS_RT;
            case IOPRIO_CLASS_BE -> Ioprio.IOPRIO_CLASS_BE;
            case IOPRIO_CLASS_IDLE -> Ioprio.IOPRIO_CLASS_IDLE;
        };
    }
}
