// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.Propagation;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Everything with mount(2), which knows no detached mounts: they are made in a staging area instead and moved from
 * there. That is a file system over the root of this mount namespace, where no other process can reach it and no path
 * leads but "/..": path lookup begins below what is mounted over "/", and ".." at the root climbs on top of it.
 *
 * <p>The arguments of mount(2) are {@code /proc/self/fd/N} of the host's /proc, which the kernel takes for what the
 * descriptor names without walking the path to it again.
 */
final class ClassicMountCalls implements MountCalls {

    private static final Operand NOTHING = value(0);
    private static final long OWNER_ONLY = 0700;

    /** mount(2) cuts off without a word what does not fit into a page. */
    private static final int LONGEST_DATA = 4095;

    /** Flags that statfs(2) and mount(2) number alike. */
    private static final long SAME_NUMBERS = MountFlags.MS_RDONLY
            | MountFlags.MS_NOSUID
            | MountFlags.MS_NODEV
            | MountFlags.MS_NOEXEC
            | MountFlags.MS_NOATIME
            | MountFlags.MS_NODIRATIME;

    private static final long ACCESS_TIMES = MountFlags.MS_NOATIME | MountFlags.MS_RELATIME | MountFlags.MS_STRICTATIME;

    private final RootDirectory rootDirectory;
    private final Assembler asm;
    private final KernelCalls kernel;
    private final Register staging;
    private final DescriptorPath directory;
    private final DescriptorPath file;
    private final DescriptorPath from;
    private final DescriptorPath to;
    private final Address statfs;
    private final MountSetattr setattr;

    /**
     * @param kernel where mount_setattr(2) may be all the same: mount(2) changes nothing below a mount, and no mount
     *     that the shim made and that is not attached yet
     */
    ClassicMountCalls(RootDirectory rootDirectory, KernelCalls kernel) {
        this.rootDirectory = rootDirectory;
        this.asm = rootDirectory.asm;
        this.kernel = kernel;
        this.staging = asm.register("staging");
        this.directory = new DescriptorPath(asm, new byte[0], "/directory");
        this.file = new DescriptorPath(asm, new byte[0], "/file");
        this.from = new DescriptorPath(asm, new byte[0], "");
        this.to = new DescriptorPath(asm, new byte[0], "");
        this.statfs = asm.space(Statfs.SIZE);
        this.setattr = new MountSetattr(asm);
    }

    @Override
    public boolean areDetached() {
        return false;
    }

    @Override
    public void prepare(List<Mount> mounts) {
        asm.source(Source.runtime("make a staging area for mounts"));
        asm.call(
                Syscall.MOUNT,
                asm.string("jrun"),
                asm.string("/"),
                asm.string("tmpfs"),
                value(MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC),
                asm.string("mode=700"));
        open(asm.string("/.."), LastLink.FOLLOWED, staging);
        from.write(staging);
        // Or a recursive copy of "/" would hold it, too.
        change(MountFlags.MS_UNBINDABLE);
        asm.call(Syscall.MKDIRAT, staging, asm.string("directory"), value(OWNER_ONLY));
        asm.call(Syscall.MKNODAT, staging, asm.string("file"), value(FileMode.S_IFREG | OWNER_ONLY), value(0));
        directory.write(staging);
        file.write(staging);
    }

    /** umount2(2) takes what is on top of "/", so the host's root could not be detached with this on it. */
    @Override
    public void finish() {
        asm.source(Source.runtime("remove the staging area for mounts"));
        from.write(staging);
        asm.call(Syscall.UMOUNT2, from.place(), value(MountFlags.MNT_DETACH));
        rootDirectory.close(staging);
    }

    @Override
    public void copy(String source, LastLink link, Depth depth, Register result) {
        try (var _ = asm.scope()) {
            Register place = asm.register("source");
            open(asm.string(source), link, place);
            copy(place, depth, result);
            rootDirectory.close(place);
        }
    }

    @Override
    public void copy(Register source, Depth depth, Register result) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            Label made = asm.label("copied");
            rootDirectory.fileMode(source, type);
            asm.compute(type, type, Operation.AND, value(FileMode.S_IFMT));
            from.write(source);
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFDIR), "a directory")) {
                bind(file, depth, result);
                asm.go(made);
            }
            bind(directory, depth, result);
            asm.place(made);
        }
    }

    private void bind(DescriptorPath place, Depth depth, Register result) {
        long flags = switch (depth) {
            case SINGLE -> MountFlags.MS_BIND;
            case RECURSIVE -> MountFlags.MS_BIND | MountFlags.MS_REC;
        };
        asm.call(Syscall.MOUNT, from.place(), place.place(), NOTHING, value(flags), NOTHING);
        // What was mounted may be a link.
        open(place.place(), LastLink.ITSELF, result);
    }

    private void open(Address path, LastLink link, Register result) {
        long itself = link == LastLink.ITSELF ? OpenFlags.noFollow(rootDirectory.machine) : 0;
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        path,
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | itself))
                .into(result);
    }

    @Override
    public void make(Filesystem filesystem, Register result) {
        String data = filesystem.joined();
        refuseIfTooLong(data);
        boolean readOnlyMountOnly = filesystem.flags().contains(MountFlag.RDONLY)
                && !filesystem.superblock().contains(MountFlag.RDONLY);
        long attributes = MountAttributes.ofNewMount(filesystem.flags());
        // MS_RDONLY is for the superblock, too.
        long atOnce = readOnlyMountOnly ? attributes & ~MountFlags.MOUNT_ATTR_RDONLY : attributes;
        asm.call(
                Syscall.MOUNT,
                asm.string(filesystem.source()),
                directory.place(),
                asm.string(filesystem.type()),
                value(ClassicMountFlags.of(atOnce) | ClassicMountFlags.ofSuperblock(filesystem.superblock())),
                data.isEmpty() ? NOTHING : asm.string(data));
        open(directory.place(), LastLink.FOLLOWED, result);
        if (readOnlyMountOnly) {
            change(result, Depth.SINGLE, MountAttributes.READ_ONLY);
        }
    }

    private void refuseIfTooLong(String data) {
        if (data.getBytes(StandardCharsets.UTF_8).length > LONGEST_DATA) {
            refuse("more than " + LONGEST_DATA + " bytes of options", Errno.E2BIG);
        }
    }

    private void refuse(String reason, Errno errno) {
        try (var _ = asm.because(asm.source().with(": " + reason))) {
            asm.fail(errno);
        }
    }

    /** A remount sets all flags, so those that there are, and that may be locked, are asked for again. */
    @Override
    public void change(Register mount, Depth depth, MountAttributes attributes) {
        if (kernel.has(NewerCall.MOUNT_SETATTR)) {
            setattr.change(mount, depth, attributes);
            return;
        }
        if (depth == Depth.RECURSIVE) {
            refuse("to change what is below, too, " + kernel.lack(NewerCall.MOUNT_SETATTR), Errno.ENOSYS);
            return;
        }
        try (var _ = asm.scope()) {
            Register present = asm.register("present flags");
            Register flags = asm.register("flags");
            Register flag = asm.register("flag");
            long cleared = ClassicMountFlags.of(attributes.cleared() & ~MountFlags.MOUNT_ATTR__ATIME);
            if ((attributes.cleared() & MountFlags.MOUNT_ATTR__ATIME) != 0) {
                cleared |= ACCESS_TIMES;
            }
            from.write(mount);
            asm.call(Syscall.FSTATFS, mount, statfs);
            asm.load(present, Width.LONG, statfs.plus(Statfs.FLAGS));
            asm.compute(flags, present, Operation.AND, value(SAME_NUMBERS));
            asm.compute(flag, present, Operation.AND, value(Statfs.ST_RELATIME));
            asm.compute(flag, flag, Operation.SHIFT_LEFT, value(shift(Statfs.ST_RELATIME, MountFlags.MS_RELATIME)));
            asm.compute(flags, flags, Operation.OR, flag);
            asm.compute(flag, present, Operation.AND, value(Statfs.ST_NOSYMFOLLOW));
            asm.compute(
                    flag, flag, Operation.SHIFT_RIGHT, value(shift(MountFlags.MS_NOSYMFOLLOW, Statfs.ST_NOSYMFOLLOW)));
            asm.compute(flags, flags, Operation.OR, flag);
            try (var _ = asm.when(flags, Condition.NO_BIT, value(ACCESS_TIMES), "access times")) {
                asm.compute(flags, flags, Operation.OR, value(MountFlags.MS_STRICTATIME));
            }
            asm.compute(flags, flags, Operation.AND, value(~cleared));
            asm.compute(
                    flags,
                    flags,
                    Operation.OR,
                    value(changed(attributes) | MountFlags.MS_REMOUNT | MountFlags.MS_BIND));
            asm.call(Syscall.MOUNT, NOTHING, from.place(), NOTHING, flags, NOTHING);
        }
    }

    private static long shift(long low, long high) {
        return Long.numberOfTrailingZeros(high) - Long.numberOfTrailingZeros(low);
    }

    private static long changed(MountAttributes attributes) {
        boolean relative = (attributes.cleared() & MountFlags.MOUNT_ATTR__ATIME) != 0
                && (attributes.set() & MountFlags.MOUNT_ATTR__ATIME) == MountFlags.MOUNT_ATTR_RELATIME;
        return ClassicMountFlags.of(attributes.set()) | (relative ? MountFlags.MS_RELATIME : 0);
    }

    @Override
    public void propagate(Register mount, Propagation kind) {
        if (kernel.has(NewerCall.MOUNT_SETATTR)) {
            setattr.propagate(mount, kind);
            return;
        }
        from.write(mount);
        change(MountAttributes.propagation(kind) | (kind.recursive() ? MountFlags.MS_REC : 0));
    }

    private void change(long propagation) {
        asm.call(Syscall.MOUNT, NOTHING, from.place(), NOTHING, value(propagation), NOTHING);
    }

    @Override
    public Assembler.Added attach(Register mount, Register target) {
        from.write(mount);
        to.write(target);
        return asm.call(Syscall.MOUNT, from.place(), to.place(), NOTHING, value(MountFlags.MS_MOVE), NOTHING);
    }

    /** Or the next would be mounted on it; if it begins with a link, where that leads. */
    @Override
    public void discard(Register mount) {
        from.write(mount);
        asm.call(Syscall.UMOUNT2, from.place(), value(MountFlags.MNT_DETACH));
        rootDirectory.close(mount);
    }
}
