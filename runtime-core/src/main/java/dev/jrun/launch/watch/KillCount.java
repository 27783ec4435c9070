// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/** The number in a line {@code oom_kill N} of a file of the kernel's, which is not its first. */
final class KillCount {

    /** What is looked at behind a text's end, at most. */
    static final int SLACK = 16;

    private static final Operand BEGINNING = Operand.text("\noom_kil");
    private static final Operand REST = Operand.text("l ");
    private static final int LENGTH = 10;

    private final Assembler asm;
    private final Address text;

    /** @param text where it is, with {@link #SLACK} zero bytes behind it, or what is left of an earlier one */
    KillCount(Assembler asm, Address text) {
        this.asm = asm;
        this.text = text;
    }

    /** {@code number =} what the line says, if there is one. */
    void find(Operand length, Register number) {
        try (var _ = asm.scope()) {
            Register at = asm.register("at");
            Register last = asm.register("last");
            Register word = asm.register("word");
            asm.move(at, value(0));
            asm.compute(last, length, Operation.SUBTRACT, value(LENGTH));
            try (var bytes = asm.loop("next byte", "no more lines")) {
                bytes.leaveIf(last, Condition.LESS, at);
                asm.load(word, Width.LONG, text, at);
                try (var _ = asm.when(word, Condition.EQUAL, BEGINNING, "another line")) {
                    asm.load(word, Width.SHORT, text.plus(Long.BYTES), at);
                    try (var _ = asm.when(word, Condition.EQUAL, REST, "a longer name")) {
                        asm.compute(at, at, Operation.ADD, value(LENGTH));
                        parse(at, length, number);
                        asm.move(at, length);
                    }
                }
                asm.compute(at, at, Operation.ADD, value(1));
            }
        }
    }

    private void parse(Register at, Operand length, Register number) {
        Register digit = asm.register("digit");
        Register eight = asm.register("eight times");
        asm.move(number, value(0));
        try (var digits = asm.loop("next digit", "end of the number")) {
            digits.leaveIf(at, Condition.NOT_LESS, length);
            asm.load(digit, Width.BYTE, text, at);
            asm.compute(digit, digit, Operation.SUBTRACT, value('0'));
            digits.leaveIf(digit, Condition.LESS, value(0));
            asm.compute(eight, number, Operation.SHIFT_LEFT, value(3));
            asm.compute(number, number, Operation.SHIFT_LEFT, value(1));
            asm.compute(number, number, Operation.ADD, eight);
            asm.compute(number, number, Operation.ADD, digit);
            asm.compute(at, at, Operation.ADD, value(1));
        }
    }
}
