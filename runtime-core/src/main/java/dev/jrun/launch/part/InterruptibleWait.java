// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;

/**
 * Waits until a descriptor can be read. The shim has all signals blocked; here Ctrl-C and its like may end it: init
 * dies with the shim, and the engine removes what was made. ppoll(2).
 */
public final class InterruptibleWait {

    private static final int PATIENCE_SECONDS = 2;

    /** All signals but SIGHUP, SIGINT, SIGQUIT and SIGTERM. */
    static final long BLOCKED = ~(1L << 0 | 1L << 1 | 1L << 2 | 1L << 14);

    private InterruptibleWait() {}

    public static Assembler.Added assemble(Assembler asm, Register descriptor) {
        return atMost(asm, descriptor, value(0));
    }

    /**
     * Likewise for some time; the result of the returned call is 0 if that has passed.
     *
     * @param time where a {@code struct timespec} is
     */
    public static Assembler.Added atMost(Assembler asm, Register descriptor, Operand time) {
        return asm.call(
                Syscall.PPOLL, poll(asm, descriptor), value(1), time, blockedSignals(asm), value(Signal.SET_SIZE));
    }

    /**
     * Likewise, but signals have no effect in the first two seconds: for what is over in a moment, and better not cut
     * off.
     */
    public static void afterPatience(Assembler asm, Register descriptor) {
        Address timeout = asm.space(2 * Long.BYTES);
        // ppoll(2) says here how much is left.
        asm.store(Width.LONG, timeout, value(PATIENCE_SECONDS));
        asm.store(Width.LONG, timeout.plus(Long.BYTES), value(0));
        try (var _ = asm.scope()) {
            Register ready = asm.register("ready");
            asm.call(Syscall.PPOLL, poll(asm, descriptor), value(1), timeout, value(0), value(Signal.SET_SIZE))
                    .into(ready);
            try (var _ = asm.when(ready, Condition.EQUAL, value(0), "ready")) {
                assemble(asm, descriptor);
            }
        }
    }

    private static Address poll(Assembler asm, Register descriptor) {
        Address poll = asm.bytes(Struct.ofInts(0, Poll.POLLIN));
        asm.store(Width.INT, poll, descriptor);
        return poll;
    }

    /** The signals that stay blocked, as ppoll(2) takes them. */
    public static Address blockedSignals(Assembler asm) {
        return asm.bytes(Struct.ofLongs(BLOCKED));
    }
}
