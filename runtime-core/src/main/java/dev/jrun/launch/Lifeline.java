// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * Ties the life of an unfinished init to the shim's: whatever ends the shim, even SIGKILL, ends it too. PR_SET_PDEATHSIG of
 * prctl(2) alone misses a parent that died before it was armed, so a look at the socket to the parent follows.
 */
final class Lifeline {

    private final Assembler asm;
    private final Register socket;
    private final Address peeked;

    /** @param socket init's end of the socket pair whose other end only the shim holds */
    Lifeline(Assembler asm, Register socket) {
        this.asm = asm;
        this.socket = socket;
        this.peeked = asm.space(1);
    }

    /** Arms it, or ends this process if the shim is gone already. A change of user disarms it. */
    void arm() {
        int mark = asm.registersInUse();
        Register result = asm.register("peeked");
        Label alive = asm.label("the shim lives");
        asm.source(Source.runtime("die with the shim until the container is complete"));
        deathSignal(Signal.KILL.number());
        asm.call(
                        Syscall.RECVFROM,
                        socket,
                        peeked,
                        value(1),
                        value(SocketFlags.MSG_PEEK | SocketFlags.MSG_DONTWAIT),
                        value(0),
                        value(0))
                .into(result)
                .on(alive, Errno.EAGAIN);
        asm.branch(result, Condition.NOT_EQUAL, value(0), alive);
        asm.exit(1);
        asm.place(alive);
        asm.release(mark);
    }

    /** From here on this process lives without the shim. */
    void release() {
        asm.source(Source.runtime("outlive the shim"));
        deathSignal(0);
    }

    private void deathSignal(int signal) {
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_PDEATHSIG), value(signal), value(0), value(0), value(0));
    }
}
