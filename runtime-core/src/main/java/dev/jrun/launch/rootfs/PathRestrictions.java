// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.MountCalls.Depth;
import dev.jrun.launch.rootfs.NamedMounts.Inside;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Subroutine;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountFlag;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code linux.readonlyPaths} and {@code linux.maskedPaths}. Paths that do not exist need no protection. Whether one
 * does in /proc or /sys is looked for from these mounts themselves: somebody else may have renamed their places in the
 * root file system since. Where a later mount may hide such a mount, what is seen from the root is restricted besides.
 */
public final class PathRestrictions {

    /** The null device, "memory devices" in the kernel's devices.txt. */
    private static final long NULL_MAJOR = 1;

    private static final long NULL_MINOR = 3;

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final Register nullDevice;
    private final Register emptyDirectory;
    private final Register above;
    private final Subroutine cover;

    /** What is done to a path that is open as {@code target}, and is closed by that. */
    private interface Restriction {
        void apply(Register target);
    }

    private final Restriction readOnly = new Restriction() {
        @Override
        public void apply(Register target) {
            mountReadOnly(target);
        }
    };

    private final Restriction masked = new Restriction() {
        @Override
        public void apply(Register target) {
            cover.call();
        }
    };

    /** Whose descriptor {@link #above} is. */
    private Optional<Mount> loaded = Optional.empty();

    public PathRestrictions(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.nullDevice = asm.register("null");
        this.emptyDirectory = asm.register("empty");
        this.above = asm.register("mount above");
        this.cover = containerRoot.subroutine(() -> new Subroutine(asm, "cover"));
    }

    /** Keeps the host's /dev/null for {@link #assemble}, while the host's files can still be reached. */
    public void keepHostsNull(Linux linux) {
        if (!linux.maskedPaths().isEmpty()) {
            asm.source("/linux/maskedPaths", "open the host's /dev/null");
            openNull(value(OpenFlags.AT_FDCWD), "/dev/null");
        }
    }

    /**
     * Keeps the one that was made in {@code directory}: what the host and other containers do with theirs cannot be
     * seen by a mask then (inotify(7), flock(2)).
     */
    public void keepOwnNull(Linux linux, Mount directory) {
        if (linux.maskedPaths().isEmpty()) {
            return;
        }
        try (var _ = asm.scope()) {
            Register dev = asm.register("dev");
            asm.source("/linux/maskedPaths", "open the container's /dev/null");
            containerRoot.named.load(directory, dev);
            openNull(dev, "null");
        }
    }

    private void openNull(Operand directory, String path) {
        asm.move(emptyDirectory, value(0));
        asm.call(
                        Syscall.OPENAT,
                        directory,
                        asm.string(path),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.noFollow(containerRoot.machine)))
                .into(nullDevice);
        checkIsNullDevice();
    }

    /** Closes CVE-2025-31133: what masks a file is the null device and nothing that was put in its place. */
    private void checkIsNullDevice() {
        try (var _ = asm.scope()) {
            Register major = asm.register("major");
            Register minor = asm.register("minor");
            Label wrong = asm.label("not the null device");
            Label right = asm.label("the null device");
            Register type = asm.register("type");
            containerRoot.fileType(nullDevice, type);
            asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFCHR), wrong);
            containerRoot.deviceNumbers(nullDevice, major, minor);
            asm.branch(major, Condition.NOT_EQUAL, value(NULL_MAJOR), wrong);
            asm.branch(minor, Condition.EQUAL, value(NULL_MINOR), right);
            asm.place(wrong);
            asm.fail(Errno.ENODEV);
            asm.place(right);
        }
    }

    /** Says beneath which mounts it looks for paths, before they are made. */
    public void keepMounts(Linux linux) {
        keepMounts(linux.readonlyPaths());
        keepMounts(linux.maskedPaths());
    }

    private void keepMounts(List<String> paths) {
        for (String path : paths) {
            containerRoot.named.keep(containerRoot.named.kernelFilesystemAround(ContainerPath.relative(path)));
        }
    }

    public void assemble(Linux linux) {
        List<String> readonly = linux.readonlyPaths();
        Set<String> done = new HashSet<>();
        for (int i = 0; i < readonly.size(); i++) {
            for (String name : newNames(readonly.get(i), done)) {
                asm.source("/linux/readonlyPaths/" + i, "make " + readonly.get(i) + " read-only");
                makeReadOnly(name);
            }
        }
        List<String> masked = linux.maskedPaths();
        done.clear();
        for (int i = 0; i < masked.size(); i++) {
            for (String name : newNames(masked.get(i), done)) {
                asm.source("/linux/maskedPaths/" + i, "mask " + masked.get(i));
                mask(name);
            }
        }
    }

    /**
     * What a path names, relative to the root. One with ".." means what it means everywhere else in config.json, and
     * where there are links before the ".." what the kernel would find, as with runc: both are restricted. Clients list
     * a path twice, and what was done to a name is not done again. An empty path names nothing.
     */
    private static List<String> newNames(String path, Set<String> done) {
        if (path.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(2);
        addNew(ContainerPath.relative(path), done, names);
        addNew(ContainerPath.walked(path), done, names);
        return names;
    }

    private static void addNew(String name, Set<String> done, List<String> names) {
        if (done.add(name)) {
            names.add(name);
        }
    }

    /** What would be mounted over the root no process would see. */
    private void makeReadOnly(String name) {
        if (name.equals(".")) {
            containerRoot.mounts.change(containerRoot.root, Depth.SINGLE, MountAttributes.READ_ONLY);
            return;
        }
        try (var _ = asm.scope()) {
            restrict(name, asm.register("target"), readOnly);
        }
    }

    /** Does it to what has this name, in a file system of the kernel and as it is seen from the root. */
    private void restrict(String name, Register target, Restriction restriction) {
        Optional<Inside> inside = kernelFilesystemAround(name);
        if (inside.isPresent()) {
            Label absent = asm.label("absent");
            open(inside.get(), target, absent);
            restriction.apply(target);
            asm.place(absent);
        }
        if (isLookedForInRoot(inside)) {
            Label absent = asm.label("absent");
            containerRoot.openInRoot(name, target, absent);
            restriction.apply(target);
            asm.place(absent);
        }
    }

    /** Mounts what is at {@code target} on it, read-only, and closes it. */
    private void mountReadOnly(Register target) {
        try (var _ = asm.scope()) {
            Register copy = asm.register("mount");
            containerRoot.mounts.copy(target, Depth.RECURSIVE, copy);
            containerRoot.mounts.change(copy, Depth.SINGLE, MountAttributes.READ_ONLY);
            containerRoot.mounts.attach(copy, target);
            containerRoot.close(copy);
            containerRoot.close(target);
        }
    }

    /** The root is refused by {@code spec}. */
    private void mask(String name) {
        restrict(name, containerRoot.target, masked);
    }

    /**
     * Whether what is seen from the root may be something else than what is in a file system of the kernel, if there is
     * one.
     */
    private boolean isLookedForInRoot(Optional<Inside> inside) {
        return inside.isEmpty() || containerRoot.named.mayBeHidden(inside.get().mount());
    }

    private void open(Inside inside, Register target, Label absent) {
        load(inside.mount());
        containerRoot
                .open(above, asm.string(inside.rest()), RootDirectory.PLACE_BENEATH, target)
                .on(absent, Errno.ENOENT, Errno.ENOTDIR);
    }

    private Optional<Inside> kernelFilesystemAround(String name) {
        return ContainerPath.leadsUp(name) ? Optional.empty() : containerRoot.named.kernelFilesystemAround(name);
    }

    private void load(Mount mount) {
        if (loaded.isEmpty() || loaded.get() != mount) {
            containerRoot.named.load(mount, above);
            loaded = Optional.of(mount);
        }
    }

    /**
     * What every masked path is covered with.
     *
     * @param onFailure where a failure of this goes to
     */
    public void assembleCover(Label onFailure) {
        if (!cover.isCalled()) {
            return;
        }
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            Label attach = asm.label("attach");
            asm.source("/linux/maskedPaths", "cover what is to be masked");
            cover.begin();
            containerRoot.fileType(containerRoot.target, type);
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFDIR), "directory")) {
                containerRoot.mounts.copy(nullDevice, Depth.SINGLE, containerRoot.mount);
                // It may be the host's own file: root in the container could give it another mode and owner for
                // everybody.
                containerRoot.mounts.change(containerRoot.mount, Depth.SINGLE, MountAttributes.READ_ONLY);
                asm.go(attach);
            }
            emptyDirectory();
            asm.place(attach);
            containerRoot.mounts.attach(containerRoot.mount, containerRoot.target);
            containerRoot.close(containerRoot.mount);
            containerRoot.close(containerRoot.target);
            cover.end(onFailure);
        }
    }

    /**
     * {@link ContainerRoot#mount} = an empty read-only tmpfs: the first directory gets a new one, the others copies of
     * that mount.
     */
    private void emptyDirectory() {
        Label made = asm.label("empty directory");
        try (var _ = asm.when(emptyDirectory, Condition.NOT_EQUAL, value(0), "first directory")) {
            containerRoot.mounts.copy(emptyDirectory, Depth.SINGLE, containerRoot.mount);
            asm.go(made);
        }
        containerRoot.mounts.make(
                Filesystem.own("tmpfs", "tmpfs", EnumSet.of(MountFlag.RDONLY), List.of()), emptyDirectory);
        asm.call(Syscall.FCNTL, emptyDirectory, value(FileControl.F_DUPFD_CLOEXEC), value(0))
                .into(containerRoot.mount);
        asm.place(made);
    }
}
