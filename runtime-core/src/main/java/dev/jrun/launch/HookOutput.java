// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import java.util.Map;

/**
 * What hooks write to: a file in memory, whose end becomes part of the message if a hook fails, or the files that crun's
 * annotations {@code run.oci.hooks.stdout} and {@code run.oci.hooks.stderr} name.
 */
final class HookOutput {

    /** The most bytes of a hook's last words. */
    static final int MAX_WORDS = InitPart.MAX_DIAGNOSIS;

    private static final String STDOUT = "run.oci.hooks.stdout";
    private static final String STDERR = "run.oci.hooks.stderr";
    private static final long MODE = 0700;
    private static final int SEEK_SET = 0;
    private static final int SEEK_END = 2;

    private final Assembler asm;
    private final Map<String, String> annotations;
    private final Register memory;
    private final Register standardOutput;
    private final Register standardError;
    private final Register begin;

    HookOutput(Assembler asm, Map<String, String> annotations) {
        this.asm = asm;
        this.annotations = annotations;
        this.memory = asm.register("output");
        this.standardOutput = annotations.containsKey(STDOUT) ? asm.register("hooks.stdout") : memory;
        this.standardError = annotations.containsKey(STDERR) ? asm.register("hooks.stderr") : memory;
        this.begin = asm.register("begin of output");
    }

    /** Opens the files, with the caller's rights; {@code last =} the highest descriptor if there are any. */
    void openFiles(Register last) {
        open(STDOUT, standardOutput, last);
        open(STDERR, standardError, last);
    }

    private void open(String annotation, Register file, Register last) {
        String path = annotations.get(annotation);
        if (path != null) {
            asm.source("/annotations", annotation + "=" + path);
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(path),
                            value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_CLOEXEC),
                            value(MODE))
                    .into(file);
            asm.move(last, file);
        }
    }

    /** Makes the file in memory, if anything goes there. */
    void make() {
        if (isInMemory()) {
            MemoryFile.create(asm, "output", memory);
        }
    }

    private boolean isInMemory() {
        return standardOutput == memory || standardError == memory;
    }

    /** A hook begins. */
    void begin() {
        if (isInMemory()) {
            asm.call(Syscall.LSEEK, memory, value(0), value(SEEK_END)).into(begin);
        }
    }

    Register standardOutput() {
        return standardOutput;
    }

    Register standardError() {
        return standardError;
    }

    /** {@code words =} the file in memory, at the end of what the hook wrote, or 0 if it wrote elsewhere. */
    void quote(Register words) {
        if (!isInMemory()) {
            return;
        }
        int mark = asm.registersInUse();
        Register tail = asm.register("tail");
        Label quoted = asm.label("quote");
        asm.call(Syscall.LSEEK, memory, value(0), value(SEEK_END)).into(tail);
        asm.compute(tail, tail, Operation.SUBTRACT, value(MAX_WORDS));
        asm.branch(tail, Condition.NOT_LESS, begin, quoted);
        asm.move(tail, begin);
        asm.place(quoted);
        asm.call(Syscall.LSEEK, memory, tail, value(SEEK_SET));
        asm.move(words, memory);
        asm.release(mark);
    }

    void close() {
        if (isInMemory()) {
            asm.call(Syscall.CLOSE, memory);
        }
    }
}
