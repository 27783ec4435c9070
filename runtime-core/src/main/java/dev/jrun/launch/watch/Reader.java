// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.WaitFlags;
import dev.jrun.launch.part.CompleteWrite;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/** The reader of a watching shim's output, which may go away at any time. */
final class Reader {

    static final Operand OUTPUT = value(1);
    private static final Operand ERRORS = value(2);
    private static final long ANYBODY = -1;

    /** Of the frame STAYS, a header alone. */
    private static final int STAYS_SIZE = 8;

    private final Assembler asm;
    private final Label gone;

    Reader(Assembler asm) {
        this.asm = asm;
        this.gone = asm.label("the reader has gone");
    }

    /**
     * Lets the engine go, which has nothing to wait for any more. From here on SIGHUP, SIGINT, SIGQUIT and SIGTERM end
     * the shim, which has nothing to take back, and a terminal's signals stop it. An engine that was started by this
     * shim ends with this call or long afterwards; it is reaped then.
     */
    void dismissEngine() {
        Label told = asm.label("the engine knows");
        asm.onFail(told);
        asm.tell(Tag.DONE.ordinal());
        asm.place(told);
        asm.onFailEnd();
        asm.source(Source.runtime("let the engine go"));
        SignalMask.letEndAndStop(asm);
        try (var _ = asm.when(Register.ENGINE, Condition.NOT_EQUAL, value(0), "the engine is another's")) {
            reapEngineThatEnds();
        }
        asm.call(Syscall.CLOSE, Register.SESSION).ignoreErrors();
        asm.call(Syscall.WAIT4, value(ANYBODY), value(0), value(WaitFlags.WNOHANG), value(0))
                .ignoreErrors();
    }

    /** It closes the connection. One that stays says so before it does. */
    private void reapEngineThatEnds() {
        try (var _ = asm.scope()) {
            Register length = asm.register("length of its word");
            asm.call(Syscall.READ, Register.SESSION, asm.space(STAYS_SIZE), value(STAYS_SIZE))
                    .into(length)
                    .ignoreErrors();
            try (var _ = asm.when(length, Condition.NOT_EQUAL, value(STAYS_SIZE), "it stays")) {
                asm.call(Syscall.WAIT4, Register.ENGINE, value(0), value(0), value(0))
                        .ignoreErrors();
            }
        }
    }

    /** Prints something. If it cannot be printed, that is a failure. */
    void print(byte[] text) {
        if (text.length > 0) {
            CompleteWrite.assemble(asm, OUTPUT, text);
        }
    }

    /** Says something on standard error, if that is possible. */
    void complain(byte[] errors) {
        if (errors.length > 0) {
            asm.call(Syscall.WRITE, ERRORS, asm.bytes(errors), value(errors.length))
                    .ignoreErrors();
        }
    }

    /** Prints a line {@code times} times, which is 0 then. */
    void print(byte[] line, Register times) {
        Address bytes = asm.bytes(line);
        try (var lines = asm.loop("next line", "all lines")) {
            lines.leaveIf(times, Condition.EQUAL, value(0));
            CompleteWrite.assemble(asm, OUTPUT, bytes, value(line.length));
            asm.compute(times, times, Operation.SUBTRACT, value(1));
        }
    }

    /** Goes where the shim ends, if a {@code struct pollfd} about the output says that nobody reads it any more. */
    void endIfGone(Address polled) {
        try (var _ = asm.scope()) {
            Register events = asm.register("output");
            asm.load(events, Width.SHORT, polled.plus(Poll.REVENTS));
            asm.branch(events, Condition.ANY_BIT, value(Poll.POLLERR | Poll.POLLHUP), gone);
        }
    }

    /**
     * The end of the program, where failures go.
     *
     * @param tired where it goes on if it has executed as many instructions as a program may
     */
    void assembleEnd(Label failed, Label tired, String what) {
        asm.place(failed);
        asm.branch(Register.FAILED_ERRNO, Condition.EQUAL, value(Errno.EPIPE.number()), gone);
        asm.branch(Register.FAILED_ERRNO, Condition.EQUAL, value(Errno.EXFULL.number()), tired);
        Complaint.ofFailure(asm, "jrun: cannot go on to " + what);
        asm.exit(1);
        asm.place(gone);
        endAsWithoutReader();
    }

    /** As every program that writes to a pipe without a reader, by SIGPIPE if that is not ignored. */
    private void endAsWithoutReader() {
        try (var _ = asm.scope()) {
            Register self = asm.register("self");
            asm.source(Source.runtime("end without a reader"));
            SignalMask.clear(asm).ignoreErrors();
            asm.call(Syscall.GETPID).into(self);
            asm.call(Syscall.KILL, self, value(Signal.PIPE.number())).ignoreErrors();
            asm.exit(1);
        }
    }
}
