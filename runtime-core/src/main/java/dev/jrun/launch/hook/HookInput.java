// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CompleteWrite;
import dev.jrun.launch.part.StateText;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.MemoryFile;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * The container's state on the standard input of hooks. It is a file in memory. Unlike a pipe, it takes the whole state
 * whether a hook reads it or not, and being sealed, it is the same for the next hook. As a file it is subject to
 * RLIMIT_FSIZE: a state that does not fit is an error, and no hook reads half of it.
 */
final class HookInput {

    private final Assembler asm;
    private final StateText state;
    private final Register file;

    HookInput(Assembler asm, StateText state) {
        this.asm = asm;
        this.state = state;
        this.file = asm.register("state");
    }

    /** Makes the state of a container whose init has this pid, as those who read it see it. */
    void make(Operand pid) {
        try (var _ = asm.scope()) {
            Register digits = asm.register("digits");
            Address number = asm.space(Assembler.NUMBER_SIZE);
            MemoryFile.create(asm, "state", file);
            write(state.head());
            write(state.pidName());
            asm.format(number, pid, digits);
            CompleteWrite.assemble(asm, file, number, digits);
            write(state.tail());
            MemoryFile.seal(asm, file);
        }
    }

    /** Makes the state of a container that has ended. */
    void make() {
        MemoryFile.create(asm, "state", file);
        write(state.head());
        write(state.tail());
        MemoryFile.seal(asm, file);
    }

    private void write(byte[] text) {
        CompleteWrite.assemble(asm, file, text);
    }

    /** The next hook reads it from its beginning. */
    void rewind() {
        asm.call(Syscall.LSEEK, file, value(0), value(0));
    }

    Register file() {
        return file;
    }

    void close() {
        asm.call(Syscall.CLOSE, file);
    }
}
