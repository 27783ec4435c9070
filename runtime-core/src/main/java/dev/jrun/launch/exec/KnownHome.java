// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.process.Environment;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The last value of HOME, and the /etc/passwd that it came from. If the container's file is still the same, byte for
 * byte, the process need not wait for the shim to ask the engine.
 */
final class KnownHome {

    /** To compare takes six instructions for each eight bytes, to ask two changes of processes and back. */
    static final int LONGEST = 4096;

    private static final int TEXT = Long.BYTES;

    private final Assembler asm;

    /** One more than the length of the text, or 0 if none is known; then the text. */
    private final Address known;

    private final Address home;

    KnownHome(Assembler asm, Environment environment) {
        this.asm = asm;
        this.known = asm.space(TEXT + LONGEST);
        this.home = environment.home();
    }

    /** Where a program has it. */
    Place in(Program program) {
        return new Place(program.offset(known), program.offset(home));
    }

    /**
     * Where a program has it.
     *
     * @param known offset in its image
     * @param home offset in its image
     */
    record Place(int known, int home) {

        /** Says, before there is a process that reads the file, what is known. */
        List<Patch> patches(byte[] passwd, String directory) {
            byte[] text = new byte[TEXT + passwd.length];
            ByteBuffer.wrap(text)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(passwd.length + 1L)
                    .put(passwd);
            return List.of(new Patch(known, text), new Patch(home, Environment.homeEntry(directory)));
        }
    }

    /**
     * In that process: goes to {@code same} if the file is the known one.
     *
     * @param read what it says, with zeros behind it
     * @param length how many bytes that are
     */
    void compare(Address read, Register length, Label same) {
        try (var _ = asm.scope()) {
            Register at = asm.register("at");
            Register expected = asm.register("known");
            Register found = asm.register("found");
            Label different = asm.label("HOME is not known");
            asm.load(expected, Width.LONG, known);
            asm.compute(found, length, Operation.ADD, value(1));
            asm.branch(found, Condition.NOT_EQUAL, expected, different);
            asm.move(at, value(0));
            try (var words = asm.loop("next word of passwd", "another passwd")) {
                asm.branch(at, Condition.NOT_LESS, length, same);
                asm.load(expected, Width.LONG, known.plus(TEXT), at);
                asm.load(found, Width.LONG, read, at);
                words.leaveIf(found, Condition.NOT_EQUAL, expected);
                asm.compute(at, at, Operation.ADD, value(Long.BYTES));
            }
            asm.place(different);
        }
    }
}
