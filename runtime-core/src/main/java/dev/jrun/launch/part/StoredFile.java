// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/**
 * Tells stored files from anything else that somebody else's path may lead to. Opening a device can have effects, a
 * FIFO waits for its other end, and reading or writing in a file system that the kernel makes up can command the
 * kernel.
 */
public final class StoredFile {

    private final Assembler asm;
    private final FileStatus status;
    private final Address statfs;

    public StoredFile(Assembler asm, FileStatus status) {
        this.asm = asm;
        this.status = status;
        this.statfs = asm.space(Statfs.SIZE);
    }

    /**
     * Goes to {@code other} unless {@code file}, which may be open as a place only, is a regular one that is stored.
     */
    public void check(Register file, Label other) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            status.of(file).onError(other);
            status.type(type);
            asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFREG), other);
            asm.call(Syscall.FSTATFS, file, statfs).onError(other);
            asm.load(type, Width.LONG, statfs.plus(Statfs.TYPE));
            for (long madeUp : Statfs.madeUpByTheKernel()) {
                asm.branch(type, Condition.EQUAL, value(madeUp), other);
            }
        }
    }
}
