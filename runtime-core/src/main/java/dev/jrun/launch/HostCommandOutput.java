// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * Programs that read what a {@link HostCommand} printed, a piece at a time: others can run between them, and no more
 * than a piece is in the engine's memory.
 *
 * @param descriptor of the file that has it, in the shim
 */
public record HostCommandOutput(long descriptor) {

    /** The most that one program reads, in bytes. */
    public static final int PIECE = 256 << 10;

    private static final int SEEK_SET = 0;

    /**
     * Reads a piece and reports it as {@link Tag#PRINTED}; shorter than {@link #PIECE} if it is the last.
     *
     * @param offset where it begins, in bytes
     */
    public Program piece(long offset) {
        var asm = new Assembler();
        Register length = asm.register("length");
        Address piece = asm.space(PIECE);
        asm.source(Source.runtime("read what was printed"));
        asm.call(Syscall.LSEEK, value(descriptor), value(offset), value(SEEK_SET));
        asm.call(Syscall.READ, value(descriptor), piece, value(PIECE)).into(length);
        asm.tell(Tag.PRINTED.ordinal(), new Range(piece, length));
        asm.end();
        return asm.assemble();
    }
}
