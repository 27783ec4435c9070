// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.CompleteWrite;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.TemporaryPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * {@code --pid-file}: written under another name first, so that nobody who waits for it reads half a number, and so
 * that a failing launch destroys no other container's file. The directory may be one that others write to: that name is
 * a new file's (O_EXCL follows no link, open(2)), or one with another number is tried.
 */
public final class PidFile {

    private static final long MODE = 0644;
    private static final Operand NONE = value(0);

    /** PID_MAX_LIMIT of linux/threads.h. */
    private static final long MORE_THAN_ANY_PID = 1L << 22;

    /** Whose directory has so many taken means it. */
    private static final long NAMES = 16;

    private final Assembler asm;
    private final Path file;
    private final Address name;
    private final TemporaryPath temporary;
    private final Register descriptor;
    private final Register unnamed;
    private final Register inode;
    private final FileStatus status;

    /** @param file absolute */
    public PidFile(Assembler asm, Path file) {
        this.asm = asm;
        this.file = file;
        this.name = asm.bytes(Arrays.copyOf(bytes(file), Shape.of(file).room()));
        this.temporary = new TemporaryPath(asm, file);
        this.descriptor = asm.register("pid file");
        this.unnamed = asm.register("pid file without its name");
        this.inode = asm.register("inode of the pid file");
        this.status = new FileStatus(asm);
    }

    /** Where a program has the file's name. */
    public Place in(Program program) {
        return new Place(program.offset(name), program.offset(temporary.place()), Shape.of(file));
    }

    /**
     * Of what length names can be that take each other's place in a program.
     *
     * @param directory bytes of the directory
     * @param room bytes for the whole, with a NUL
     */
    public record Shape(int directory, int room) {
        private static final int STEP = 64;

        public static Shape of(Path file) {
            return new Shape(directoryOf(file).length, (bytes(file).length + STEP) / STEP * STEP);
        }
    }

    /**
     * Where a program has the file's name.
     *
     * @param name offset in its image
     * @param temporary offset in its image
     */
    public record Place(int name, int temporary, Shape shape) {

        /** Puts another name there, of the same shape. */
        public List<Patch> patches(Path file) {
            return List.of(
                    new Patch(name, Arrays.copyOf(bytes(file), shape.room)), new Patch(temporary, directoryOf(file)));
        }
    }

    private static byte[] directoryOf(Path file) {
        Path directory = file.getParent();
        return directory == null ? new byte[0] : bytes(directory);
    }

    private static byte[] bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Under the other name. */
    public void write(Register pid) {
        try (var _ = asm.scope()) {
            Register digits = asm.register("digits");
            Address number = asm.space(Assembler.NUMBER_SIZE);
            asm.source(Source.runtime("pid file " + file + ", at first as .jrun-pid-PID beside it"));
            asm.move(unnamed, value(1));
            openNew(digits);
            asm.source(Source.runtime("pid file " + file));
            asm.format(number, pid, digits);
            CompleteWrite.assemble(asm, descriptor, number, digits);
            status.of(descriptor);
            asm.load(inode, Width.LONG, status.field(Statx.INO));
            asm.call(Syscall.CLOSE, descriptor);
        }
    }

    /**
     * A shim that is killed leaves its file behind, and another may be given its pid: then the name has a number that
     * no pid is.
     */
    private void openNew(Register number) {
        Label next = asm.label("temporary name");
        Label taken = asm.label("name is taken");
        Label opened = asm.label("new file");
        asm.call(Syscall.GETPID).into(number);
        asm.place(next);
        temporary.write(number);
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        temporary.place(),
                        value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC),
                        value(MODE))
                .on(taken, Errno.EEXIST)
                .into(descriptor);
        asm.go(opened);
        asm.place(taken);
        asm.move(descriptor, NONE);
        asm.compute(number, number, Operation.ADD, value(MORE_THAN_ANY_PID));
        asm.branch(number, Condition.LESS, value(NAMES * MORE_THAN_ANY_PID), next);
        asm.fail(Errno.EEXIST);
        asm.place(opened);
    }

    /** Gives it its name. */
    public void publish() {
        asm.source(Source.runtime("pid file " + file));
        asm.call(
                        Syscall.RENAMEAT2,
                        value(OpenFlags.AT_FDCWD),
                        temporary.place(),
                        value(OpenFlags.AT_FDCWD),
                        name,
                        value(0))
                .into(unnamed);
    }

    /** Takes away what was made of it, which the calls that made it have noted; for a launch that failed. */
    public void remove() {
        try (var _ = asm.scope()) {
            Register found = asm.register("inode");
            Label done = asm.label("no pid file");
            asm.source(Source.runtime("remove pid file " + file));
            asm.branch(descriptor, Condition.EQUAL, NONE, done);
            try (var _ = asm.when(unnamed, Condition.NOT_EQUAL, NONE, "the pid file was written")) {
                asm.call(Syscall.UNLINKAT, value(OpenFlags.AT_FDCWD), temporary.place(), value(0))
                        .ignoreErrors();
                asm.go(done);
            }
            // Another container's may have taken its name.
            status.at(value(OpenFlags.AT_FDCWD), name, OpenFlags.AT_SYMLINK_NOFOLLOW)
                    .onError(done);
            asm.load(found, Width.LONG, status.field(Statx.INO));
            asm.branch(found, Condition.NOT_EQUAL, inode, done);
            asm.call(Syscall.UNLINKAT, value(OpenFlags.AT_FDCWD), name, value(0))
                    .ignoreErrors();
            asm.place(done);
        }
    }
}
