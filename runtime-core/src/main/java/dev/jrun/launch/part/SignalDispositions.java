// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/**
 * Gives every signal its default disposition, for what is about to be executed: a signal that the caller ignores stays
 * ignored by execve(2) and by CLONE_CLEAR_SIGHAND of clone3(2), which clears only handlers. nohup(1), service managers
 * and Python ignore some; a program would then miss its SIGTERM, or write on after its reader has gone. The shim has
 * handlers for none, so there is nothing to do where nothing is ignored. rt_sigaction(2).
 */
public final class SignalDispositions {

    /** SIG_DFL, without flags, restorer and mask. */
    private static final int SIGACTION_SIZE = 32;

    private SignalDispositions() {}

    public static void reset(Assembler asm) {
        try (var _ = asm.scope()) {
            Register ignored = asm.register("ignored");
            Register signal = asm.register("signal");
            Label next = asm.label("next signal");
            Label done = asm.label("no more is ignored");
            Address byDefault = asm.space(SIGACTION_SIZE);
            asm.move(ignored, Register.IGNORED_SIGNALS);
            asm.move(signal, value(1));
            asm.place(next);
            asm.branch(ignored, Condition.EQUAL, value(0), done);
            try (var _ = asm.when(ignored, Condition.ANY_BIT, value(1), "not ignored")) {
                // EINVAL: SIGKILL and SIGSTOP have no other.
                asm.call(Syscall.RT_SIGACTION, signal, byDefault, value(0), value(Signal.SET_SIZE))
                        .ignore(Errno.EINVAL);
            }
            asm.compute(ignored, ignored, Operation.SHIFT_RIGHT, value(1));
            asm.compute(signal, signal, Operation.ADD, value(1));
            asm.go(next);
            asm.place(done);
        }
    }
}
