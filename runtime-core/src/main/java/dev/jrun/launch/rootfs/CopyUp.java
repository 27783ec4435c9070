// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import dev.jrun.program.Subroutine;

/**
 * Copies what is in a directory into a new tmpfs ({@code tmpcopyup}): directories, files, links, devices, pipes and
 * sockets, with their owners, permissions and times.
 *
 * <p>What is copied is the image's and may be hostile. Every name is looked up in the descriptor of its directory and
 * no link is followed; a file is opened without waiting for a writer and checked to be one; the depth is limited by
 * what a process may open.
 *
 * <p>What other mounts have below is not copied, since a mount may forbid what the tmpfs allows, nosuid or nodev: an
 * empty directory, or an empty file, stands for them.
 */
final class CopyUp {

    private static final int MAX_DEPTH = 256;
    private static final long PERMISSIONS = 07777;
    private static final long OWNER_ONLY = 0700;

    /** All but set-user-ID and set-group-ID. */
    private static final long POWERLESS = 01777;

    /** A whole number of pages that one call copies at most, sendfile(2). */
    private static final long MOST = 0x7ffff000;

    private static final int ENTRIES_SIZE = 8192;

    /** Where fields are in {@code struct linux_dirent64}, getdents64(2). */
    private static final int ENTRY_OFFSET = 8;

    private static final int ENTRY_LENGTH = 16;
    private static final int ENTRY_NAME = 19;

    /** A level of the stack: the descriptors of both directories, and where to go on in the first. */
    private static final int LEVEL_SIZE = 16;

    private static final int LEVEL_TARGET = 4;
    private static final int LEVEL_OFFSET = 8;

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final Subroutine subroutine;
    private final Register from;
    private final Register to;
    private final Register level;
    private final Register filled;
    private final Register entry;
    private final Register name;
    private final Register type;
    private final Register mode;
    private final Register input;
    private final Register output;
    private final Register scratch;

    CopyUp(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.subroutine = new Subroutine(asm, "copy up");
        this.from = asm.register("from");
        this.to = asm.register("to");
        this.level = asm.register("level");
        this.filled = asm.register("filled");
        this.entry = asm.register("entry");
        this.name = asm.register("name");
        this.type = asm.register("type");
        this.mode = asm.register("mode");
        this.input = asm.register("input");
        this.output = asm.register("output");
        this.scratch = asm.register("scratch");
    }

    /** Copies what is in the directory {@code source} into the directory {@code target}. */
    void copy(Register source, Register target) {
        asm.move(from, source);
        asm.move(to, target);
        subroutine.call();
    }

    /**
     * Assembles it, where no instruction falls into it.
     *
     * @param onFailure where failures go to
     */
    void assemble(Label onFailure) {
        if (!subroutine.isCalled()) {
            return;
        }
        Address stack = asm.space(MAX_DEPTH * LEVEL_SIZE);
        Address entries = asm.space(ENTRIES_SIZE);
        Label read = asm.label("read entries");
        Label next = asm.label("next entry");
        asm.source(Source.runtime("copy what a tmpfs hides into it"));
        subroutine.begin();
        asm.move(level, value(0));
        openSource(from, asm.string("."), directory(), from);
        openTarget(asm.string("."));

        asm.place(read);
        asm.call(Syscall.GETDENTS64, from, entries, value(ENTRIES_SIZE)).into(filled);
        try (var _ = asm.when(filled, Condition.NOT_EQUAL, value(0), "directory complete")) {
            asm.move(entry, value(0));
            asm.go(next);
            copyEntries(stack, entries, next, read);
        }
        try (var _ = asm.when(level, Condition.NOT_EQUAL, value(0), "copied")) {
            ascend(stack, read);
        }
        closeBoth();
        subroutine.end(onFailure);
    }

    private long directory() {
        return OpenFlags.directory(containerRoot.machine);
    }

    /** Opens what is to be copied, on the mount that {@code directory} is on. */
    private void openSource(Register directory, Operand path, long flags, Register result) {
        Address how = asm.bytes(Struct.ofLongs(
                flags | OpenFlags.O_CLOEXEC, 0, OpenFlags.RESOLVE_NO_XDEV | OpenFlags.RESOLVE_NO_SYMLINKS));
        asm.call(Syscall.OPENAT2, directory, path, how, value(OpenFlags.OPEN_HOW_SIZE))
                .into(result);
    }

    private void openTarget(Operand path) {
        long flags = OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | directory() | OpenFlags.noFollow(containerRoot.machine);
        asm.call(Syscall.OPENAT, to, path, value(flags)).into(to);
    }

    private void copyEntries(Address stack, Address entries, Label next, Label read) {
        Label skip = asm.label("entry done");
        Label directory = asm.label("a directory");
        Label link = asm.label("a link");
        Label file = asm.label("a file");
        Label mountPoint = asm.label("a mount point");
        Label owner = asm.label("made");

        asm.place(skip);
        asm.load(scratch, Width.SHORT, entries.plus(ENTRY_LENGTH), entry);
        asm.compute(entry, entry, Operation.ADD, scratch);
        asm.place(next);
        asm.branch(entry, Condition.EQUAL, filled, read);
        skipDots(entries, skip);
        asm.compute(name, entry, Operation.ADD, entries.plus(ENTRY_NAME));
        status(from, name, OpenFlags.AT_SYMLINK_NOFOLLOW);
        asm.load(scratch, Width.LONG, containerRoot.status.field(Statx.ATTRIBUTES));
        asm.branch(scratch, Condition.ANY_BIT, value(Statx.STATX_ATTR_MOUNT_ROOT), mountPoint);
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFDIR), directory);
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFLNK), link);
        asm.branch(type, Condition.EQUAL, value(FileMode.S_IFREG), file);
        copyNode();
        asm.place(owner);
        finish(name);
        asm.go(skip);

        asm.place(link);
        copyLink();
        asm.go(owner);

        asm.place(file);
        copyFile();
        asm.go(owner);

        asm.place(mountPoint);
        standForMount();
        asm.go(owner);

        asm.place(directory);
        descend(stack, entries);
        asm.go(read);
    }

    /** Goes to {@code skip} for "." and "..". */
    private void skipDots(Address entries, Label skip) {
        Label named = asm.label("a name");
        asm.load(scratch, Width.BYTE, entries.plus(ENTRY_NAME), entry);
        asm.branch(scratch, Condition.NOT_EQUAL, value('.'), named);
        asm.load(scratch, Width.BYTE, entries.plus(ENTRY_NAME + 1), entry);
        asm.branch(scratch, Condition.EQUAL, value(0), skip);
        asm.branch(scratch, Condition.NOT_EQUAL, value('.'), named);
        asm.load(scratch, Width.BYTE, entries.plus(ENTRY_NAME + 2), entry);
        asm.branch(scratch, Condition.EQUAL, value(0), skip);
        asm.place(named);
    }

    /** {@code type} and {@code mode =} those of a file, of which more is kept for {@link #finish}. */
    private void status(Register directory, Operand path, long flags) {
        containerRoot.status.at(directory, path, flags);
        asm.load(mode, Width.SHORT, containerRoot.status.field(Statx.MODE));
        asm.compute(type, mode, Operation.AND, value(FileMode.S_IFMT));
    }

    /** Something empty in place of what is mounted. */
    private void standForMount() {
        Label made = asm.label("stands for a mount");
        asm.compute(mode, mode, Operation.AND, value(POWERLESS));
        try (var _ = asm.when(type, Condition.EQUAL, value(FileMode.S_IFDIR), "no directory")) {
            asm.call(Syscall.MKDIRAT, to, name, value(OWNER_ONLY));
            asm.go(made);
        }
        asm.move(type, value(FileMode.S_IFREG));
        asm.call(Syscall.MKNODAT, to, name, value(FileMode.S_IFREG | OWNER_ONLY), value(0));
        asm.place(made);
    }

    /** Devices, pipes and sockets. */
    private void copyNode() {
        asm.load(input, Width.INT, containerRoot.status.field(Statx.RDEV_MAJOR));
        asm.load(output, Width.INT, containerRoot.status.field(Statx.RDEV_MINOR));
        // new_encode_dev() of the kernel: the low eight bits of the minor number, the major one, the rest.
        asm.compute(input, input, Operation.SHIFT_LEFT, value(8));
        asm.compute(scratch, output, Operation.AND, value(0xff));
        asm.compute(input, input, Operation.OR, scratch);
        asm.compute(output, output, Operation.AND, value(~0xffL));
        asm.compute(output, output, Operation.SHIFT_LEFT, value(12));
        asm.compute(input, input, Operation.OR, output);
        asm.call(Syscall.MKNODAT, to, name, mode, input);
    }

    private void copyLink() {
        Address target = asm.space(OpenFlags.PATH_MAX + Long.BYTES);
        asm.call(Syscall.READLINKAT, from, name, target, value(OpenFlags.PATH_MAX))
                .into(scratch);
        asm.store(Width.BYTE, target, scratch, value(0));
        asm.call(Syscall.SYMLINKAT, target, to, name);
    }

    private void copyFile() {
        Label more = asm.label("more of the file");
        openSource(from, name, OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY, input);
        // What was looked at may have been replaced since.
        status(input, containerRoot.noPath(), OpenFlags.AT_EMPTY_PATH);
        try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFREG), "still a file")) {
            asm.fail(Errno.ESTALE);
        }
        asm.call(
                        Syscall.OPENAT,
                        to,
                        name,
                        value(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC),
                        value(OWNER_ONLY))
                .into(output);
        asm.place(more);
        asm.call(Syscall.SENDFILE, output, input, value(0), value(MOST)).into(scratch);
        asm.branch(scratch, Condition.NOT_EQUAL, value(0), more);
        containerRoot.close(input);
        containerRoot.close(output);
    }

    private void descend(Address stack, Address entries) {
        try (var _ = asm.when(level, Condition.NOT_LESS, value((long) MAX_DEPTH * LEVEL_SIZE), "not too deep")) {
            containerRoot.explain("more than " + MAX_DEPTH + " directories in each other");
            asm.fail(Errno.EMFILE);
        }
        asm.store(Width.INT, stack, level, from);
        asm.store(Width.INT, stack.plus(LEVEL_TARGET), level, to);
        asm.load(scratch, Width.LONG, entries.plus(ENTRY_OFFSET), entry);
        asm.store(Width.LONG, stack.plus(LEVEL_OFFSET), level, scratch);
        asm.compute(level, level, Operation.ADD, value(LEVEL_SIZE));
        asm.call(Syscall.MKDIRAT, to, name, value(OWNER_ONLY));
        openSource(from, name, directory(), from);
        openTarget(name);
    }

    /** Finishes a directory, whose times would change with what is made in it, and goes on in the one above. */
    private void ascend(Address stack, Label read) {
        Address here = asm.string(".");
        status(from, containerRoot.noPath(), OpenFlags.AT_EMPTY_PATH);
        finish(here);
        closeBoth();
        asm.compute(level, level, Operation.SUBTRACT, value(LEVEL_SIZE));
        asm.load(from, Width.INT, stack, level);
        asm.load(to, Width.INT, stack.plus(LEVEL_TARGET), level);
        asm.load(scratch, Width.LONG, stack.plus(LEVEL_OFFSET), level);
        asm.call(Syscall.LSEEK, from, scratch, value(0));
        asm.go(read);
    }

    /** Owner, permissions and times of {@code path} in the directory that is written to. */
    private void finish(Operand path) {
        asm.load(input, Width.INT, containerRoot.status.field(Statx.UID));
        asm.load(output, Width.INT, containerRoot.status.field(Statx.GID));
        asm.call(Syscall.FCHOWNAT, to, path, input, output, value(OpenFlags.AT_SYMLINK_NOFOLLOW));
        try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFLNK), "times")) {
            asm.compute(scratch, mode, Operation.AND, value(PERMISSIONS));
            asm.call(Syscall.FCHMODAT, to, path, scratch);
        }
        // A statx_timestamp is a timespec: its nanoseconds have the same place, and zeros behind them.
        Address timespecs = asm.space(4 * Long.BYTES);
        copyLong(containerRoot.status.field(Statx.ATIME), timespecs);
        copyLong(containerRoot.status.field(Statx.ATIME + Long.BYTES), timespecs.plus(Long.BYTES));
        copyLong(containerRoot.status.field(Statx.MTIME), timespecs.plus(2 * Long.BYTES));
        copyLong(containerRoot.status.field(Statx.MTIME + Long.BYTES), timespecs.plus(3 * Long.BYTES));
        asm.call(Syscall.UTIMENSAT, to, path, timespecs, value(OpenFlags.AT_SYMLINK_NOFOLLOW));
    }

    private void copyLong(Address source, Address target) {
        asm.load(scratch, Width.LONG, source);
        asm.store(Width.LONG, target, scratch);
    }

    private void closeBoth() {
        containerRoot.close(from);
        containerRoot.close(to);
    }
}
