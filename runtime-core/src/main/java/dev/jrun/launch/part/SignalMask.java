// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Struct;

/**
 * Which signals reach the shim, which has all of them blocked. sigprocmask(2).
 *
 * <p>A step that may wait for somebody else, such as the reader of a pipe or whoever listens on a socket, stands
 * between {@link #letEnd} and {@link #hold}, or is an {@link InterruptibleWait}: nobody else may keep the shim from
 * being ended.
 */
public final class SignalMask {

    private static final int SIG_SETMASK = 2;
    private static final long ALL = ~0L;
    /** SIGTSTP, SIGTTIN and SIGTTOU. */
    private static final long STOPPING = 1L << 19 | 1L << 20 | 1L << 21;

    private SignalMask() {}

    /** Unblocks all signals. */
    public static Assembler.Added clear(Assembler asm) {
        return set(asm, asm.space(Signal.SET_SIZE));
    }

    /**
     * From here on Ctrl-C and its like end the shim; what it was about to do, or to take back, is the engine's then.
     */
    public static void letEnd(Assembler asm) {
        set(asm, InterruptibleWait.blockedSignals(asm)).ignoreErrors();
    }

    /** Likewise, and Ctrl-Z and its like stop the shim, for which nobody waits: signal(7). */
    public static void letEndAndStop(Assembler asm) {
        set(asm, asm.bytes(Struct.ofLongs(InterruptibleWait.BLOCKED & ~STOPPING)))
                .ignoreErrors();
    }

    /** From here on all signals wait again. */
    public static void hold(Assembler asm) {
        set(asm, asm.bytes(Struct.ofLongs(ALL))).ignoreErrors();
    }

    private static Assembler.Added set(Assembler asm, Address signals) {
        return asm.call(Syscall.RT_SIGPROCMASK, value(SIG_SETMASK), signals, value(0), value(Signal.SET_SIZE));
    }
}
