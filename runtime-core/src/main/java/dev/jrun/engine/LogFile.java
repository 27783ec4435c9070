// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * A caller's log file, which the shim opens as the caller: made with mode 0644 if it does not exist, appended to if it does.
 *
 * @param path absolute, or relative to the caller's working directory
 */
public record LogFile(String path) {

    private static final int MODE = 0644;

    /** A program that opens the file and closes it again, so that one that cannot be opened is known before anything is done. */
    public Program trial() {
        var assembler = new Assembler();
        assembler.retryable();
        assembler.source(Source.runtime("open the log file " + path));
        Register file = assembler.register("log");
        SignalMask.letEnd(assembler); // a FIFO is opened when somebody reads it
        open(assembler, file);
        SignalMask.hold(assembler);
        assembler.call(Syscall.CLOSE, file).ignoreErrors();
        assembler.end();
        return assembler.assemble();
    }

    /** Opens it; each error fails until the returned object says otherwise. */
    Assembler.Added open(Assembler assembler, Register file) {
        return assembler
                .call(
                        Syscall.OPENAT,
                        Operand.value(OpenFlags.AT_FDCWD),
                        assembler.string(path),
                        Operand.value(
                                OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_CLOEXEC),
                        Operand.value(MODE))
                .into(file);
    }
}
