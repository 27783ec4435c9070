// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.Message;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.MemoryFile;
import dev.jrun.program.Register;
import dev.jrun.spec.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What hooks write to: a file in memory, whose end becomes part of the message if a hook fails, or the files that crun's
 * annotations {@code run.oci.hooks.stdout} and {@code run.oci.hooks.stderr} name.
 */
final class HookOutput {

    /** The most bytes of a hook's last words. */
    static final int MAX_WORDS = Message.MAX_DIAGNOSIS;

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
        this.standardOutput =
                Annotation.HOOKS_STDOUT.in(annotations).isPresent() ? asm.register("hooks.stdout") : memory;
        this.standardError =
                Annotation.HOOKS_STDERR.in(annotations).isPresent() ? asm.register("hooks.stderr") : memory;
        this.begin = asm.register("begin of output");
    }

    /** Opens the files, if there are any, with the caller's rights. */
    List<Register> openFiles() {
        List<Register> files = new ArrayList<>();
        open(Annotation.HOOKS_STDOUT, standardOutput, files);
        open(Annotation.HOOKS_STDERR, standardError, files);
        return files;
    }

    private void open(Annotation annotation, Register file, List<Register> files) {
        Optional<String> path = annotation.in(annotations);
        if (path.isPresent()) {
            asm.source("/annotations", annotation.key() + "=" + path.get());
            // A FIFO is opened when somebody reads it.
            SignalMask.letEnd(asm);
            asm.call(
                            Syscall.OPENAT,
                            value(OpenFlags.AT_FDCWD),
                            asm.string(path.get()),
                            value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_CLOEXEC),
                            value(MODE))
                    .into(file);
            SignalMask.hold(asm);
            files.add(file);
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
        try (var _ = asm.scope()) {
            Register tail = asm.register("tail");
            asm.call(Syscall.LSEEK, memory, value(0), value(SEEK_END)).into(tail);
            asm.compute(tail, tail, Operation.SUBTRACT, value(MAX_WORDS));
            try (var _ = asm.when(tail, Condition.LESS, begin, "quote")) {
                asm.move(tail, begin);
            }
            asm.call(Syscall.LSEEK, memory, tail, value(SEEK_SET));
            asm.move(words, memory);
        }
    }

    void close() {
        if (isInMemory()) {
            asm.call(Syscall.CLOSE, memory);
        }
    }
}
