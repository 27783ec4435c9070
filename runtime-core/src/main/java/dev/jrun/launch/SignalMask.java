// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;

/** Takes back, for what is about to be executed, that the shim has all signals blocked. sigprocmask(2). */
final class SignalMask {

    private static final int SIG_SETMASK = 2;
    private static final int SIGNAL_SET_SIZE = 8;

    private SignalMask() {}

    /** Unblocks all signals. */
    static Assembler.Added clear(Assembler asm) {
        Address none = asm.space(SIGNAL_SET_SIZE);
        return asm.call(Syscall.RT_SIGPROCMASK, value(SIG_SETMASK), none, value(0), value(SIGNAL_SET_SIZE));
    }
}
