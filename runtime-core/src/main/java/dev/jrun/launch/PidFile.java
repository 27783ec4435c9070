// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.file.Path;

/** {@code --pid-file}: written under another name first, so that whoever waits for it never reads half a number. */
final class PidFile {

    private static final int DIGITS = 24;
    private static final long MODE = 0644;

    private final Assembler asm;
    private final Path file;
    private final Address temporary;

    /** @param file absolute */
    PidFile(Assembler asm, Path file) {
        this.asm = asm;
        this.file = file;
        this.temporary =
                asm.string(file.resolveSibling("." + file.getFileName()).toString());
    }

    void write(Register pid) {
        int mark = asm.registersInUse();
        Register descriptor = asm.register("pid file");
        Register digits = asm.register("digits");
        Address number = asm.space(DIGITS);
        Address target = asm.string(file.toString());
        asm.source(Source.runtime("pid file " + file));
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        temporary,
                        value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_CLOEXEC),
                        value(MODE))
                .into(descriptor);
        asm.format(number, pid, digits);
        asm.call(Syscall.WRITE, descriptor, number, digits);
        asm.call(Syscall.CLOSE, descriptor);
        asm.call(Syscall.RENAMEAT2, value(OpenFlags.AT_FDCWD), temporary, value(OpenFlags.AT_FDCWD), target, value(0));
        asm.release(mark);
    }

    /** Takes both names away; for a launch that failed. */
    void remove() {
        asm.source(Source.runtime("remove pid file " + file));
        asm.call(Syscall.UNLINKAT, value(OpenFlags.AT_FDCWD), temporary, value(0))
                .ignoreErrors();
        asm.call(Syscall.UNLINKAT, value(OpenFlags.AT_FDCWD), asm.string(file.toString()), value(0))
                .ignoreErrors();
    }
}
