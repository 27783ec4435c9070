// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;

/**
 * Waits until a descriptor can be read. The shim has all signals blocked; here Ctrl-C and its like may end it:
 * init dies with the shim, and the engine removes what was made. ppoll(2).
 */
public final class InterruptibleWait {

    /** All signals but SIGHUP, SIGINT, SIGQUIT and SIGTERM. */
    private static final long BLOCKED = ~(1L << 0 | 1L << 1 | 1L << 2 | 1L << 14);

    private InterruptibleWait() {}

    public static void assemble(Assembler asm, Register descriptor) {
        atMost(asm, descriptor, value(0));
    }

    /**
     * Likewise for some time; the result of the returned call is 0 if that has passed.
     *
     * @param time where a {@code struct timespec} is
     */
    public static Assembler.Added atMost(Assembler asm, Register descriptor, Operand time) {
        Address poll = asm.bytes(Struct.ofInts(0, Poll.POLLIN));
        asm.store(Width.INT, poll, descriptor);
        return asm.call(Syscall.PPOLL, poll, value(1), time, blockedSignals(asm), value(Signal.SET_SIZE));
    }

    /** The signals that stay blocked, as ppoll(2) takes them. */
    public static Address blockedSignals(Assembler asm) {
        return asm.bytes(Struct.ofLongs(BLOCKED));
    }
}
