// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * Writes all of some bytes, even to a target that takes them in small pieces (a pipe, or a file that reaches
 * RLIMIT_FSIZE) or says that it has no room (O_NONBLOCK): write(2). It may wait for a reader, so it stands between
 * {@link SignalMask#letEnd} and {@link SignalMask#hold} unless the target is a file.
 */
public final class CompleteWrite {

    /** poll(2): there is room to write. */
    private final Assembler asm;

    private final Operand target;
    private final Register place;
    private final Register rest;
    private final Register written;
    private final Label next;
    private final Label stopped;

    private CompleteWrite(Assembler asm, Operand target) {
        this.asm = asm;
        this.target = target;
        this.place = asm.register("place");
        this.rest = asm.register("rest");
        this.written = asm.register("written");
        this.next = asm.label("write");
        this.stopped = asm.label("write stopped");
    }

    /**
     * Writes {@code bytes} to a descriptor. What keeps that from being done is a failure with the error of write(2).
     */
    public static void assemble(Assembler asm, Operand target, byte[] bytes) {
        assemble(asm, target, asm.bytes(bytes), value(bytes.length));
    }

    /** Writes the {@code length} bytes at {@code bytes} likewise. */
    public static void assemble(Assembler asm, Operand target, Address bytes, Operand length) {
        try (var _ = asm.scope()) {
            new CompleteWrite(asm, target).assemble(bytes, length);
        }
    }

    private void assemble(Address bytes, Operand length) {
        Label done = asm.label("written");
        asm.move(place, bytes);
        asm.move(rest, length);
        asm.place(next);
        asm.call(Syscall.WRITE, target, place, rest).into(written).onError(stopped);
        asm.compute(place, place, Operation.ADD, written);
        asm.compute(rest, rest, Operation.SUBTRACT, written);
        asm.branch(rest, Condition.NOT_EQUAL, value(0), next);
        asm.go(done);
        asm.place(stopped);
        goOnIfPossible();
        asm.place(done);
    }

    private void goOnIfPossible() {
        asm.branch(written, Condition.EQUAL, value(-Errno.EINTR.number()), next);
        try (var _ = asm.when(written, Condition.EQUAL, value(-Errno.EAGAIN.number()), "write failed")) {
            waitForRoom();
            asm.go(next);
        }
        asm.compute(written, value(0), Operation.SUBTRACT, written);
        asm.fail(written);
    }

    private void waitForRoom() {
        Address pollfd = asm.space(Long.BYTES);
        asm.store(Width.INT, pollfd, target);
        asm.store(Width.SHORT, pollfd.plus(Integer.BYTES), value(Poll.POLLOUT));
        asm.call(Syscall.PPOLL, pollfd, value(1), value(0), value(0), value(0)).ignoreErrors();
    }
}
