// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/** The whole content of an open file. */
public final class FileContents {

    private final Assembler asm;
    private final int most;
    private final Address place;

    /** @param most bytes that it may have; of a longer one there is one byte more */
    public FileContents(Assembler asm, int most) {
        this.asm = asm;
        this.most = most;
        this.place = asm.space(most + 1);
    }

    /** Reads {@code file} to its end; where what was read is then. */
    public Range read(Operand file) {
        Register position = asm.register("position");
        Register room = asm.register("room");
        Register count = asm.register("count");
        Register length = asm.register("length");
        Label more = asm.label("read more");
        asm.move(position, place);
        asm.move(room, value(most + 1L));
        asm.place(more);
        asm.call(Syscall.READ, file, position, room).into(count);
        try (var _ = asm.when(count, Condition.NOT_EQUAL, value(0), "read")) {
            asm.compute(position, position, Operation.ADD, count);
            asm.compute(room, room, Operation.SUBTRACT, count);
            asm.branch(room, Condition.NOT_EQUAL, value(0), more);
        }
        asm.compute(length, value(most + 1L), Operation.SUBTRACT, room);
        return new Range(place, length);
    }
}
