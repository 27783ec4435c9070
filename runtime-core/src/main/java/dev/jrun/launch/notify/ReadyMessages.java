// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.SocketFlags;
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
 * What a container sends to its {@link NotifySocket}: datagrams of lines, one of which may say that it is ready.
 * Everything else in them is ignored, including descriptors, which the kernel closes because nobody asks for them. A
 * container that sends very much is no longer listened to.
 */
final class ReadyMessages {

    private static final Operand READY = Operand.text("READY=1");
    private static final int READY_BITS = 7 * Byte.SIZE;
    private static final long READY_MASK = (1L << READY_BITS) - 1;
    private static final int LONGEST = 4096;

    /** A program may not execute more than 50 million instructions, of which each byte takes four. */
    private static final long MOST_BYTES = 2 << 20;

    /** What a datagram takes besides its bytes. */
    private static final long EACH = 64;

    private final Assembler asm;
    private final Address buffer;
    private final Address listened;

    ReadyMessages(Assembler asm) {
        this.asm = asm;
        this.buffer = asm.space(LONGEST + Long.BYTES);
        this.listened = asm.space(Long.BYTES);
    }

    /**
     * Takes one datagram, if there is one.
     *
     * @param ready where to go on if it says so
     * @param tooMuch where to go on if the container has said too much
     */
    void take(Operand socket, Label ready, Label tooMuch) {
        try (var _ = asm.scope()) {
            Register length = asm.register("length");
            asm.call(
                            Syscall.RECVFROM,
                            socket,
                            buffer,
                            value(LONGEST),
                            value(SocketFlags.MSG_DONTWAIT),
                            value(0),
                            value(0))
                    .into(length)
                    .ignoreErrors();
            try (var _ = asm.when(length, Condition.NOT_LESS, value(0), "no message")) {
                count(length, tooMuch);
                asm.store(Width.BYTE, buffer, length, value(0));
                lookFor(length, ready);
            }
        }
    }

    private void count(Register length, Label tooMuch) {
        try (var _ = asm.scope()) {
            Register all = asm.register("listened to");
            asm.load(all, Width.LONG, listened);
            asm.compute(all, all, Operation.ADD, length);
            asm.compute(all, all, Operation.ADD, value(EACH));
            asm.store(Width.LONG, listened, all);
            asm.branch(all, Condition.NOT_LESS, value(MOST_BYTES), tooMuch);
        }
    }

    private void lookFor(Register length, Label ready) {
        try (var _ = asm.scope()) {
            Register at = asm.register("at");
            Register word = asm.register("word");
            Register end = asm.register("end");
            asm.move(at, value(0));
            try (var lines = asm.loop("next line", "no line says it")) {
                asm.load(word, Width.LONG, buffer, at);
                asm.compute(end, word, Operation.SHIFT_RIGHT, value(READY_BITS));
                asm.compute(word, word, Operation.AND, value(READY_MASK));
                try (var _ = asm.when(word, Condition.EQUAL, READY, "another line")) {
                    asm.branch(end, Condition.EQUAL, value('\n'), ready);
                    asm.branch(end, Condition.EQUAL, value(0), ready);
                }
                try (var rest = asm.loop("next byte", "end of the line")) {
                    asm.load(word, Width.BYTE, buffer, at);
                    asm.compute(at, at, Operation.ADD, value(1));
                    lines.leaveIf(at, Condition.NOT_LESS, length);
                    rest.leaveIf(word, Condition.EQUAL, value('\n'));
                }
            }
        }
    }
}
