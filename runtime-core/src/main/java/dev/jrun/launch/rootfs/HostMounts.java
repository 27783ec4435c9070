// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * Takes the host's mounts out of the container's mount namespace where pivot_root(2) does not ({@code --no-pivot}). The
 * kernel mounts a procfs or a sysfs in a user namespace if the mount namespace has one that nothing covers, reachable
 * or not (mount_too_revealing() of fs/namespace.c). So one of the host's that is left would let a container make itself
 * a full one, in which nothing is masked or read-only.
 *
 * <p>All that is mounted below the host's root is detached, as /proc/self/mountinfo lists it, proc_pid_mountinfo(5).
 * What was hidden under another mount appears when that is gone, so the list is read until nothing of it can be
 * detached any more. What the kernel does not let go, since a user namespace got it all at once from its parent
 * (mount_namespaces(7)), is covered by an empty file system if it is a whole procfs or sysfs, and made private, or more
 * would come after it.
 */
public final class HostMounts {

    private static final Operand NOTHING = value(0);

    /** For a line of any length: two paths with each byte escaped, and a page of options. */
    private static final int CAPACITY = 64 << 10;

    /** Fields of a line before the root of the mount. */
    private static final int FIELDS_BEFORE_ROOT = 3;

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final PrivateProcfs files;
    private final Address buffer;
    private final Address statfs;

    private final Register list;
    private final Register detached;
    private final Register covering;
    private final Register offset;
    private final Register length;
    private final Register at;
    private final Register start;
    private final Register character;
    private final Register whole;
    private final Register path;
    private final Register end;
    private final Register kind;

    /** Takes registers until it has done its work. */
    public HostMounts(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.files = new PrivateProcfs(containerRoot);
        this.buffer = asm.space(CAPACITY + Long.BYTES);
        this.statfs = asm.space(Statfs.SIZE);
        this.list = asm.register("mountinfo");
        this.detached = asm.register("detached");
        this.covering = asm.register("covering");
        this.offset = asm.register("offset");
        this.length = asm.register("length");
        this.at = asm.register("at");
        this.start = asm.register("start of line");
        this.character = asm.register("character");
        this.whole = asm.register("whole");
        this.path = asm.register("path");
        this.end = asm.register("end of path");
        this.kind = asm.register("kind");
    }

    /**
     * Opens their list, while paths are the host's.
     *
     * @param failed where failures go, before and after
     */
    public void open(Label failed) {
        try (var _ = asm.scope()) {
            Register procfs = asm.register("procfs");
            Register self = asm.register("self");
            asm.source("/root/path", "open the list of the host's mounts (--no-pivot)");
            files.open(procfs, failed);
            files.openSelf(procfs, self);
            asm.call(Syscall.OPENAT, self, asm.string("mountinfo"), value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                    .into(list);
            containerRoot.close(self);
            containerRoot.close(procfs);
        }
    }

    /**
     * Detaches them all, in a process whose root is still the host's, with the container's root over it: lookup of an
     * absolute path begins below what is mounted over "/", so that each leads to a mount of the host and none to one of
     * the container.
     */
    void detach() {
        Label again = asm.label("from the beginning");
        Label more = asm.label("read on");
        Label line = asm.label("next line");
        Label incomplete = asm.label("the line is incomplete");
        asm.source("/root/path", "detach the host's mounts (--no-pivot)");
        asm.move(covering, value(0));
        asm.place(again);
        asm.move(detached, value(0));
        asm.move(offset, value(0));
        asm.place(more);
        asm.call(Syscall.LSEEK, list, offset, value(0));
        asm.call(Syscall.READ, list, buffer, value(CAPACITY)).into(length).retry();
        try (var _ = asm.when(length, Condition.NOT_EQUAL, value(0), "the end of the list")) {
            asm.move(at, value(0));
            asm.place(line);
            asm.move(start, at);
            parse(incomplete);
            takeOut(line);

            asm.place(incomplete);
            try (var _ = asm.when(start, Condition.EQUAL, value(0), "it can be completed")) {
                asm.fail(Errno.EOVERFLOW);
            }
            asm.compute(offset, offset, Operation.ADD, start);
            asm.go(more);
        }
        asm.branch(detached, Condition.NOT_EQUAL, value(0), again);
        // What is covered could be detached, and must not be: once more, after all that.
        try (var _ = asm.when(covering, Condition.EQUAL, value(0), "the host's mounts are detached")) {
            asm.move(covering, value(1));
            asm.go(again);
        }
        containerRoot.close(list);
        asm.call(Syscall.MOUNT, NOTHING, asm.string("/"), NOTHING, value(MountFlags.MS_PRIVATE), NOTHING);
    }

    /**
     * Reads the line at {@link #at}: {@link #whole} is 1 if the mount begins with the root of its file system,
     * {@link #path} is where it is mounted, {@link #kind} is 1 for a procfs or sysfs.
     */
    private void parse(Label incomplete) {
        for (int i = 0; i < FIELDS_BEFORE_ROOT; i++) {
            skipBehind(' ', incomplete);
        }
        asm.move(whole, value(0));
        asm.load(character, Width.SHORT, buffer, at);
        try (var _ = asm.when(character, Condition.EQUAL, Operand.text("/ "), "not the root of a file system")) {
            asm.move(whole, value(1));
        }
        skipBehind(' ', incomplete);
        asm.move(path, at);
        skipBehind(' ', incomplete);
        asm.compute(end, at, Operation.SUBTRACT, value(1));
        try (var options = asm.loop("next field", "the separator")) {
            asm.load(character, Width.SHORT, buffer, at);
            options.leaveIf(character, Condition.EQUAL, Operand.text("- "));
            skipBehind(' ', incomplete);
        }
        skipBehind(' ', incomplete);
        readKind();
        skipBehind('\n', incomplete);
    }

    private void readKind() {
        Label revealing = asm.label("procfs or sysfs");
        asm.load(kind, Width.INT, buffer, at);
        asm.compute(character, at, Operation.ADD, value(Integer.BYTES));
        asm.load(character, Width.SHORT, buffer, character);
        try (var _ = asm.when(kind, Condition.EQUAL, Operand.text("proc"), "no procfs")) {
            asm.compute(character, character, Operation.AND, value(0xff));
            asm.branch(character, Condition.EQUAL, value(' '), revealing);
        }
        try (var _ = asm.when(kind, Condition.EQUAL, Operand.text("sysf"), "another type")) {
            asm.branch(character, Condition.EQUAL, Operand.text("s "), revealing);
        }
        asm.move(kind, value(0));
        Label known = asm.label("the type is known");
        asm.go(known);
        asm.place(revealing);
        asm.move(kind, value(1));
        asm.place(known);
    }

    /** Moves {@link #at} behind the next {@code wanted}. */
    private void skipBehind(char wanted, Label incomplete) {
        Label next = asm.label("next character");
        asm.place(next);
        asm.branch(at, Condition.EQUAL, length, incomplete);
        asm.load(character, Width.BYTE, buffer, at);
        asm.compute(at, at, Operation.ADD, value(1));
        asm.branch(character, Condition.NOT_EQUAL, value(wanted), next);
    }

    /**
     * Detaches what is at {@link #path}, or covers it if it is to be covered. Mounts of the container, which are listed
     * too, are not there on the host.
     */
    private void takeOut(Label done) {
        try (var _ = asm.scope()) {
            Register place = asm.register("place");
            unescape();
            asm.compute(place, buffer, Operation.ADD, path);
            // "/" itself.
            asm.compute(character, end, Operation.SUBTRACT, path);
            asm.branch(character, Condition.EQUAL, value(1), done);
            try (var _ = asm.when(covering, Condition.EQUAL, value(0), "it cannot be detached")) {
                asm.call(Syscall.UMOUNT2, place, value(MountFlags.MNT_DETACH | MountFlags.UMOUNT_NOFOLLOW))
                        .onError(done);
                asm.move(detached, value(1));
                asm.go(done);
            }
            asm.call(Syscall.MOUNT, NOTHING, place, NOTHING, value(MountFlags.MS_PRIVATE), NOTHING)
                    .ignoreErrors();
            asm.branch(kind, Condition.EQUAL, value(0), done);
            asm.branch(whole, Condition.EQUAL, value(0), done);
            cover(place, done);
            asm.go(done);
        }
    }

    /** Puts an empty file system over what is at {@code place}, unless there is none that would have to be covered. */
    private void cover(Register place, Label done) {
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        place,
                        value(OpenFlags.O_PATH
                                | OpenFlags.O_CLOEXEC
                                | OpenFlags.directory(containerRoot.machine)
                                | OpenFlags.noFollow(containerRoot.machine)))
                .into(path)
                .onError(done);
        asm.call(Syscall.FSTATFS, path, statfs);
        containerRoot.close(path);
        asm.load(kind, Width.LONG, statfs.plus(Statfs.TYPE));
        try (var _ = asm.when(kind, Condition.NOT_EQUAL, value(Statfs.PROC_SUPER_MAGIC), "cover it")) {
            asm.branch(kind, Condition.NOT_EQUAL, value(Statfs.SYSFS_MAGIC), done);
        }
        asm.call(
                Syscall.MOUNT,
                asm.string("tmpfs"),
                place,
                asm.string("tmpfs"),
                value(MountFlags.MS_RDONLY | MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC),
                NOTHING);
    }

    /**
     * Ends the path by a NUL, with each backslash and three octal digits replaced by the character that they stand for.
     */
    private void unescape() {
        try (var _ = asm.scope()) {
            Register from = asm.register("from");
            Register to = asm.register("to");
            Label store = asm.label("store it");
            asm.move(from, path);
            asm.move(to, path);
            try (var next = asm.loop("next of the path", "the path is read")) {
                next.leaveIf(from, Condition.EQUAL, end);
                asm.load(character, Width.BYTE, buffer, from);
                asm.compute(from, from, Operation.ADD, value(1));
                asm.branch(character, Condition.NOT_EQUAL, value('\\'), store);
                readOctal(from);
                asm.place(store);
                asm.store(Width.BYTE, buffer, to, character);
                asm.compute(to, to, Operation.ADD, value(1));
            }
            asm.store(Width.BYTE, buffer, to, value(0));
            asm.move(end, to);
        }
    }

    /** {@link #character} = the three octal digits at {@code from}; a byte is all that is stored of it. */
    private void readOctal(Register from) {
        try (var _ = asm.scope()) {
            Register digit = asm.register("digit");
            asm.move(character, value(0));
            for (int i = 0; i < 3; i++) {
                asm.load(digit, Width.BYTE, buffer, from);
                asm.compute(from, from, Operation.ADD, value(1));
                asm.compute(digit, digit, Operation.AND, value(7));
                asm.compute(character, character, Operation.SHIFT_LEFT, value(3));
                asm.compute(character, character, Operation.OR, digit);
            }
        }
    }
}
