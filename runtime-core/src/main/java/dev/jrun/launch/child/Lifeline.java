// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;

/**
 * Ties the life of an unfinished init to the shim's: whatever ends the shim, even SIGKILL, ends it too.
 * PR_SET_PDEATHSIG of prctl(2) alone misses a parent that died before it was armed, so a look at the socket to the
 * parent follows.
 */
public final class Lifeline {

    private static final int TIMESPEC_SIZE = 16;

    private final Assembler asm;
    private final Register socket;
    private final Address poll;
    private final Address noTime;

    /** @param socket init's end of the socket pair whose other end only the shim holds */
    public Lifeline(Assembler asm, Register socket) {
        this.asm = asm;
        this.socket = socket;
        this.poll = asm.bytes(Struct.ofInts(0, Poll.POLLRDHUP));
        this.noTime = asm.space(TIMESPEC_SIZE);
    }

    /** Arms it, or ends this process if the shim is gone already. A change of user disarms it. */
    public void arm() {
        try (var _ = asm.scope()) {
            Register hungUp = asm.register("hung up");
            asm.source(Source.runtime("die with the shim until the container is complete"));
            deathSignal(asm, Signal.KILL.number());
            // Not by reading: what the shim has sent may be there still.
            asm.store(Width.INT, poll, socket);
            asm.call(Syscall.PPOLL, poll, value(1), noTime, value(0), value(0)).into(hungUp);
            try (var _ = asm.when(hungUp, Condition.NOT_EQUAL, value(0), "the shim lives")) {
                asm.exit(1);
            }
        }
    }

    /** From here on this process lives without the shim. */
    public void release() {
        asm.source(Source.runtime("outlive the shim"));
        deathSignal(asm, 0);
    }

    /**
     * Ties the life of this process to its parent's, by its pid: of one that was forked for a short while, and has no
     * socket to it.
     *
     * @param orphan where to go on if that process is not the parent any more
     */
    public static void tieToParent(Assembler asm, Register parent, Label orphan) {
        try (var _ = asm.scope()) {
            Register actual = asm.register("actual parent");
            deathSignal(asm, Signal.KILL.number());
            asm.call(Syscall.GETPPID).into(actual);
            asm.branch(actual, Condition.NOT_EQUAL, parent, orphan);
        }
    }

    private static void deathSignal(Assembler asm, int signal) {
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_PDEATHSIG), value(signal), value(0), value(0), value(0));
    }
}
