// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/**
 * How a failed hook ended, as an error number, so that it is reported like any failing instruction. The kernel's own
 * numbers end below 600.
 */
public final class HookEnd {

    private static final int EXITED = 1024;
    private static final int KILLED = EXITED + 256;
    private static final int END = KILLED + 128;

    private HookEnd() {}

    /** {@code errno =} what stands for {@code status}, wait(2). */
    static void encode(Assembler asm, Register status, Register errno) {
        Label encoded = asm.label("encoded");
        asm.compute(errno, status, Operation.AND, value(WaitStatus.SIGNAL_MASK));
        try (var _ = asm.when(errno, Condition.NOT_EQUAL, value(0), "the hook exited")) {
            asm.compute(errno, errno, Operation.ADD, value(KILLED));
            asm.go(encoded);
        }
        asm.compute(errno, status, Operation.SHIFT_RIGHT, value(WaitStatus.EXIT_CODE_SHIFT));
        asm.compute(errno, errno, Operation.ADD, value(EXITED));
        asm.place(encoded);
    }

    /** Whether an error number is such an end. */
    public static boolean is(long errno) {
        return errno >= EXITED && errno < END;
    }

    /** In words, such as {@code exit status 3}. */
    public static String describe(long errno) {
        return errno < KILLED
                ? "exit status " + (errno - EXITED)
                : "killed by " + new Signal((int) errno - KILLED).signalName();
    }
}
