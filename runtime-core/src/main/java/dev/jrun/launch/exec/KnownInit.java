// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;

/**
 * How the shim knows the container's init without asking: by the inode number of its pidfd, if the kernel has such
 * numbers, which no other process gets until the machine restarts; pidfd_open(2). The engine has learned it while it
 * was certain of the process.
 */
final class KnownInit {

    private final Assembler asm;
    private final Address number;
    private final FileStatus status;

    KnownInit(Assembler asm) {
        this.asm = asm;
        this.number = asm.space(Long.BYTES);
        this.status = new FileStatus(asm);
    }

    /**
     * Goes to {@code known} if the process that {@code pidfd} holds is the container's init; no pidfd has the number 0.
     * What was looked at by its pid before was that process, too: it still is there, so that its pid cannot have been
     * another's meanwhile.
     */
    void recognize(Register pidfd, Label known) {
        try (var _ = asm.scope()) {
            Register found = asm.register("number");
            Register inits = asm.register("number of init");
            status.of(pidfd);
            asm.load(found, Width.LONG, status.field(Statx.INO));
            asm.load(inits, Width.LONG, number);
            try (var _ = asm.when(found, Condition.EQUAL, inits, "another")) {
                asm.call(Syscall.PIDFD_SEND_SIGNAL, pidfd, value(0), value(0), value(0))
                        .into(found)
                        .ignoreErrors();
                asm.branch(found, Condition.EQUAL, value(0), known);
                // Who may not send it a signal is told that, and so that it is there.
                asm.branch(found, Condition.EQUAL, value(-Errno.EPERM.number()), known);
            }
        }
    }

    /** Where a program has it. */
    Place in(Program program) {
        return new Place(program.offset(number));
    }

    /**
     * Where a program has it.
     *
     * @param number offset in its image
     */
    record Place(int number) {

        /** Says which it is. */
        Patch patch(long init) {
            return new Patch(number, Struct.ofLongs(init));
        }
    }
}
