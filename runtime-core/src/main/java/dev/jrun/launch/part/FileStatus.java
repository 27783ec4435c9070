// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/** What statx(2) says about a file: the calls, and where the answer to the last one is. */
public final class FileStatus {

    private final Assembler asm;
    private final Address answer;

    public FileStatus(Assembler asm) {
        this.asm = asm;
        this.answer = asm.space(Statx.SIZE);
    }

    /** Looks at what {@code descriptor} is open on. */
    public Assembler.Added of(Operand descriptor) {
        return at(descriptor, asm.string(""), OpenFlags.AT_EMPTY_PATH);
    }

    /** Looks at {@code path}, at a link itself. */
    public Assembler.Added at(String path) {
        return at(value(OpenFlags.AT_FDCWD), asm.string(path), OpenFlags.AT_SYMLINK_NOFOLLOW);
    }

    /** Looks at {@code path} in {@code directory}. */
    public Assembler.Added at(Operand directory, Operand path, long flags) {
        return asm.call(Syscall.STATX, directory, path, value(flags), value(Statx.STATX_BASIC_STATS), answer);
    }

    /** Where {@code field} of the file that was looked at last is, {@link Statx}. */
    public Address field(int field) {
        return answer.plus(field);
    }

    /** {@code type =} the type of the file that was looked at last, without its permissions. */
    public void type(Register type) {
        asm.load(type, Width.SHORT, field(Statx.MODE));
        asm.compute(type, type, Operation.AND, value(FileMode.S_IFMT));
    }
}
