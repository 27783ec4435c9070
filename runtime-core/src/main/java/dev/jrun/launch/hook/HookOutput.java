// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.hook;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Message;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.launch.part.StoredFile;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.MemoryFile;
import dev.jrun.program.Register;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where hooks write: a file in memory, whose end becomes part of the message if a hook fails, or the files that crun's
 * annotations {@code run.oci.hooks.stdout} and {@code run.oci.hooks.stderr} name. A caller that allows these does not
 * vouch for the files that they name: only a stored file is opened, and no link is followed in its place.
 */
final class HookOutput {

    /** The most bytes of a hook's last words. */
    static final int MAX_WORDS = Message.MAX_DIAGNOSIS;

    private static final long MODE = 0700;
    private static final int SEEK_SET = 0;
    private static final int SEEK_END = 2;

    private final Assembler asm;
    private final Machine machine;
    private final Annotations annotations;
    private final Register memory;
    private final Register standardOutput;
    private final Register standardError;
    private final Register begin;

    HookOutput(Assembler asm, Machine machine, Annotations annotations) {
        this.asm = asm;
        this.machine = machine;
        this.annotations = annotations;
        this.memory = asm.register("output");
        this.standardOutput =
                annotations.value(Annotation.HOOKS_STDOUT).isPresent() ? asm.register("hooks.stdout") : memory;
        this.standardError =
                annotations.value(Annotation.HOOKS_STDERR).isPresent() ? asm.register("hooks.stderr") : memory;
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
        Optional<String> path = annotations.value(annotation);
        if (path.isEmpty()) {
            return;
        }
        Address name = asm.string(path.get());
        StoredFile stored = new StoredFile(asm, new FileStatus(asm));
        Label make = asm.label("no file yet");
        Label other = asm.label("no file to write to");
        Label opened = asm.label("opened");
        asm.source("/annotations/" + annotation.key(), "open " + path.get() + " for what hooks write");
        open(name, OpenFlags.O_PATH, file).on(make, Errno.ENOENT);
        stored.check(file, other);
        asm.call(Syscall.CLOSE, file);
        asm.place(make);
        // Without waiting: it may have been replaced.
        open(name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_NONBLOCK, file);
        stored.check(file, other);
        asm.go(opened);
        asm.place(other);
        asm.source(
                "/annotations/" + annotation.key(),
                path.get() + ": hooks can write only to a regular file that is stored in a file system");
        asm.fail(Errno.EINVAL);
        asm.place(opened);
        files.add(file);
    }

    private Assembler.Added open(Address name, long flags, Register file) {
        return asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        name,
                        value(flags | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC | OpenFlags.noFollow(machine)),
                        value(MODE))
                .into(file);
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

    /**
     * {@code words =} the file in memory, at the end of what the hook wrote, or 0 if it wrote elsewhere.
     *
     * @param tail of no other use meanwhile: no register may be left
     */
    void quote(Register words, Register tail) {
        if (!isInMemory()) {
            return;
        }
        asm.call(Syscall.LSEEK, memory, value(0), value(SEEK_END)).into(tail);
        asm.compute(tail, tail, Operation.SUBTRACT, value(MAX_WORDS));
        try (var _ = asm.when(tail, Condition.LESS, begin, "quote")) {
            asm.move(tail, begin);
        }
        asm.call(Syscall.LSEEK, memory, tail, value(SEEK_SET));
        asm.move(words, memory);
    }

    void close() {
        if (isInMemory()) {
            asm.call(Syscall.CLOSE, memory);
        }
    }
}
