// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.watch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;

/** What a shim says about a failure when there is no engine to word it: it carries all the words itself. */
final class Complaint {

    private static final Operand ERRORS = value(2);

    /**
     * Each number has an entry of 64 bytes: its words and the end of the line, and in the last byte how long these are.
     */
    private static final int DOUBLINGS = 6;

    private static final int ENTRY = 1 << DOUBLINGS;
    private static final int NUMBERS = Errno.values()[Errno.values().length - 1].number() + 1;

    /** The first one, since no error has the number 0. */
    private static final String UNNAMED = "an error that has no name";

    private static final byte[] ENTRIES = entries();

    private Complaint() {}

    private static byte[] entries() {
        byte[] entries = new byte[NUMBERS * ENTRY];
        for (int number = 0; number < NUMBERS; number++) {
            byte[] words = ((number == 0 ? UNNAMED : Errno.meaning(number)) + "\n").getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(words, 0, entries, number * ENTRY, words.length);
            entries[number * ENTRY + ENTRY - 1] = (byte) words.length;
        }
        return entries;
    }

    /** Says on standard error what has failed, if that is possible. */
    static void ofFailure(Assembler asm, String what) {
        byte[] words = (what + ": ").getBytes(StandardCharsets.UTF_8);
        Address entries = asm.bytes(ENTRIES);
        try (var _ = asm.scope()) {
            Register entry = asm.register("entry");
            Register length = asm.register("length");
            asm.move(entry, Register.FAILED_ERRNO);
            try (var _ = asm.when(entry, Condition.NOT_LESS, value(NUMBERS), "has a name")) {
                asm.move(entry, value(0));
            }
            asm.compute(entry, entry, Operation.SHIFT_LEFT, value(DOUBLINGS));
            asm.load(length, Width.BYTE, entries.plus(ENTRY - 1), entry);
            asm.compute(entry, entry, Operation.ADD, entries);
            asm.call(Syscall.WRITE, ERRORS, asm.bytes(words), value(words.length))
                    .ignoreErrors();
            asm.call(Syscall.WRITE, ERRORS, entry, length).ignoreErrors();
        }
    }
}
