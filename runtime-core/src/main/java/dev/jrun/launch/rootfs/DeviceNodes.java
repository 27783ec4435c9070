// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.rootfs.MissingPlaces.Missing;
import dev.jrun.launch.rootfs.NamedMounts.Inside;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Device;
import java.util.List;
import java.util.Optional;

/**
 * Makes device files by mknod(2), or where that is not allowed by mounting the host's file of the same path. What is at
 * a path already has to be the device that is asked for, and stays as it is. Nothing is made on a mount that the
 * configuration does not name.
 */
final class DeviceNodes {

    private static final int DEFAULT_MODE = 0666;
    private static final String DEV = "dev";

    private final ContainerRoot containerRoot;
    private final Assembler asm;
    private final MountPoint mountPoint;

    DeviceNodes(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
        this.mountPoint = new MountPoint(containerRoot);
    }

    /** The file type of {@code device}, as {@code st_mode} has it. */
    private static long type(Device device) {
        return switch (device.type()) {
            case BLOCK -> FileMode.S_IFBLK;
            case CHARACTER -> FileMode.S_IFCHR;
            case FIFO -> FileMode.S_IFIFO;
        };
    }

    /** File type and permissions, as mknod(2) takes them. */
    static long mode(Device device) {
        return type(device) | device.fileMode().orElse(DEFAULT_MODE);
    }

    /**
     * {@code dev_t} as mknod(2) takes it: the lower 8 bits of the minor number, 12 of the major, the other 12 of the
     * minor.
     */
    static long number(Device device) {
        return device.minor() & 0xff | device.major() << 8 | (device.minor() & 0xfff00) << 12;
    }

    /** Whether a user namespace keeps its root from making {@code device}; anybody makes a fifo. */
    static boolean takesCapability(Device device) {
        return device.type() != Device.Type.FIFO;
    }

    /** Makes it; where mknod(2) is not allowed (EPERM), the host's is mounted. */
    void make(Device device) {
        try (var _ = asm.scope()) {
            Register directory = asm.register("directory");
            Register made = asm.register("made");
            Label elsewhere = asm.label("on another mount");
            Label notMade = asm.label("not made");
            Label done = asm.label("device");
            openDirectory(parent(device), directory, elsewhere);
            Assembler.Added call = asm.call(
                            Syscall.MKNODAT,
                            directory,
                            asm.string(name(device)),
                            value(mode(device)),
                            value(number(device)))
                    .into(made);
            if (takesCapability(device)) {
                call.on(notMade, Errno.EEXIST, Errno.EPERM);
            } else {
                call.on(notMade, Errno.EEXIST);
            }
            own(device, directory, name(device));
            containerRoot.close(directory);
            asm.go(mayBeHidden(device) ? elsewhere : done);
            asm.place(notMade);
            if (takesCapability(device)) {
                try (var _ = asm.when(made, Condition.NOT_EQUAL, value(-Errno.EEXIST.number()), "exists")) {
                    mountHosts(device, directory);
                    containerRoot.close(directory);
                    asm.go(mayBeHidden(device) ? elsewhere : done);
                }
            }
            containerRoot.close(directory);
            expect(device);
            asm.go(done);
            asm.place(elsewhere);
            expectInMount(device);
            asm.place(done);
        }
    }

    /** Mounts the host's file of its path at that place in the container. */
    void bind(Device device) {
        try (var _ = asm.scope()) {
            Register directory = asm.register("directory");
            Label elsewhere = asm.label("on another mount");
            Label done = asm.label("device");
            openDirectory(parent(device), directory, elsewhere);
            mountHosts(device, directory);
            containerRoot.close(directory);
            asm.go(mayBeHidden(device) ? elsewhere : done);
            asm.place(elsewhere);
            expectInMount(device);
            asm.place(done);
        }
    }

    /** Makes sure that it is in what is mounted at its place. */
    private void expectInMount(Device device) {
        try (var _ = asm.because(asm.source().with(", which has to be in what is mounted there"))) {
            expect(device);
        }
    }

    /**
     * Whether a link of the image may have led another mount over the one that it is made in: not to /dev, see
     * {@link MissingPlaces}.
     */
    private boolean mayBeHidden(Device device) {
        Optional<Inside> mount = containerRoot.named.around(parent(device));
        return mount.isPresent() && !mount.get().mount().place().equals(DEV);
    }

    /**
     * Opens the directory {@code path} to make something in it, itself made where it is missing. It is on the mount
     * that the configuration has at that path or above, or on the root file system: goes to {@code elsewhere} if
     * anything else is mounted there. That may be a volume of the host which a link of the image led there, or what the
     * root file system has brought along.
     *
     * @param path relative to the root
     */
    void openDirectory(String path, Register directory, Label elsewhere) {
        Optional<Inside> mount = containerRoot.named.around(path);
        // Links of the image are the image's own affair where they lead to places in the image.
        boolean links = mount.isEmpty() && !path.equals(DEV) && !path.startsWith(DEV + "/");
        Label trouble = asm.label("missing, or on another mount");
        Label missing = asm.label("missing");
        Label made = asm.label("made");
        Label opened = asm.label("opened");
        String refusal = links ? "" : MountPoint.NO_LINK_BUT_A_DIRECTORY;
        try (var _ = asm.because(asm.source().with(refusal))) {
            open(path, mount, links, directory).on(trouble, Errno.ENOENT, Errno.EXDEV);
            asm.go(opened);
            asm.place(trouble);
            asm.branch(directory, Condition.EQUAL, value(-Errno.EXDEV.number()), elsewhere);
            asm.go(missing);
            containerRoot.missing.detour(missing, path, Missing.DIRECTORY, made);
            asm.place(made);
            containerRoot.close(containerRoot.target);
            open(path, mount, links, directory).on(elsewhere, Errno.EXDEV);
            asm.place(opened);
        }
    }

    private Assembler.Added open(String path, Optional<Inside> mount, boolean links, Register directory) {
        if (mount.isPresent()) {
            containerRoot.named.load(mount.get().mount(), directory);
            return containerRoot.open(
                    directory,
                    asm.string(mount.get().rest()),
                    RootDirectory.DIRECTORY_ON_MOUNT_WITHOUT_LINKS,
                    directory);
        }
        return containerRoot.openInRoot(
                asm.string(path),
                links ? RootDirectory.DIRECTORY_ON_MOUNT : RootDirectory.DIRECTORY_ON_MOUNT_WITHOUT_LINKS,
                directory);
    }

    /**
     * Nobody is to exchange the file for another between mknod(2) and chown(2), so it is looked at again by a
     * descriptor.
     */
    private void own(Device device, Register directory, String name) {
        long uid = device.uid().orElse(0);
        long gid = device.gid().orElse(0);
        if (uid == 0 && gid == 0) {
            return;
        }
        try (var _ = asm.scope()) {
            Register file = asm.register("device");
            asm.call(
                            Syscall.OPENAT,
                            directory,
                            asm.string(name),
                            value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.noFollow(containerRoot.machine)))
                    .into(file);
            check(device, file);
            asm.call(
                    Syscall.FCHOWNAT,
                    file,
                    containerRoot.noPath(),
                    value(uid),
                    value(gid),
                    value(OpenFlags.AT_EMPTY_PATH));
            containerRoot.close(file);
        }
    }

    /** Makes sure that it is there. */
    void expect(Device device) {
        try (var _ = asm.scope()) {
            Register file = asm.register("device");
            containerRoot.openInRoot(device.path(), file);
            check(device, file);
            containerRoot.close(file);
        }
    }

    /** Mounts the host's file of its path in {@code directory}; that it is the device is made sure of. */
    void mountHosts(Device device, Register directory) {
        try (var _ = asm.scope()) {
            Register host = asm.register("host's device");
            try (var _ = asm.because(asm.source().with(": mount the host's, since none can be made here"))) {
                asm.call(
                                Syscall.OPENAT,
                                value(OpenFlags.AT_FDCWD),
                                asm.string(device.path()),
                                value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC))
                        .into(host);
                check(device, host);
                containerRoot.mounts.copy(host, MountCalls.Depth.SINGLE, containerRoot.mount);
                // It can be written to all the same, but its mode and owner are the host's.
                containerRoot.mounts.change(containerRoot.mount, MountCalls.Depth.SINGLE, MountAttributes.READ_ONLY);
                openFile(directory, asm.string(name(device)));
                attach();
                containerRoot.close(host);
            }
        }
    }

    /** Mounts {@code file} as {@code name} in {@code directory}; an empty file is made if there is nothing. */
    void mount(Register file, Register directory, String name) {
        containerRoot.mounts.copy(file, MountCalls.Depth.SINGLE, containerRoot.mount);
        openFile(directory, asm.string(name));
        attach();
    }

    /** Mounts {@code file} at {@code path}, relative to the root, where something must be that is no link. */
    void mountOverExisting(Register file, String path) {
        containerRoot.mounts.copy(file, MountCalls.Depth.SINGLE, containerRoot.mount);
        mountPoint.existingWithoutLinks(path);
        attach();
    }

    private void attach() {
        mountPoint.attach();
        containerRoot.close(containerRoot.target);
        containerRoot.close(containerRoot.mount);
    }

    /**
     * Opens the file {@code name} to mount something on it, as {@link ContainerRoot#target}; an empty one is made if
     * there is none.
     */
    private void openFile(Register directory, Address name) {
        Label missing = asm.label("missing");
        Label found = asm.label("found");
        try (var _ = asm.because(asm.source().with(MountPoint.NO_LINK))) {
            containerRoot
                    .open(directory, name, RootDirectory.PLACE_WITHOUT_LINKS, containerRoot.target)
                    .on(missing, Errno.ENOENT);
            asm.go(found);
            asm.place(missing);
            asm.call(Syscall.MKNODAT, directory, name, value(FileMode.S_IFREG | MissingPlaces.MODE), value(0));
            containerRoot.open(directory, name, RootDirectory.PLACE_WITHOUT_LINKS, containerRoot.target);
            asm.place(found);
        }
    }

    /** Fails unless {@code file} is this device. */
    private void check(Device device, Register file) {
        try (var _ = asm.scope()) {
            Register found = asm.register("found");
            Register minor = asm.register("minor");
            Label other = asm.label("another file");
            Label same = asm.label("the device");
            containerRoot.fileMode(file, found);
            asm.compute(found, found, Operation.AND, value(FileMode.S_IFMT));
            if (takesCapability(device)) {
                asm.branch(found, Condition.NOT_EQUAL, value(type(device)), other);
                containerRoot.deviceNumbers(file, found, minor);
                asm.branch(found, Condition.NOT_EQUAL, value(device.major()), other);
                asm.branch(minor, Condition.EQUAL, value(device.minor()), same);
            } else {
                asm.branch(found, Condition.EQUAL, value(type(device)), same);
            }
            asm.place(other);
            containerRoot.refuse(": another file is at its path", Errno.EEXIST);
            asm.place(same);
        }
    }

    static List<String> components(Device device) {
        return ContainerPath.components(device.path());
    }

    private static String name(Device device) {
        return components(device).getLast();
    }

    /** The directory that it is in, relative to the root. */
    static String parent(Device device) {
        List<String> components = components(device);
        return components.size() == 1 ? "." : String.join("/", components.subList(0, components.size() - 1));
    }

    /** In a user's words, such as {@code the character device /dev/fuse (10:229)}. */
    static String describe(Device device) {
        return switch (device.type()) {
            case BLOCK -> "the block device %s (%d:%d)".formatted(device.path(), device.major(), device.minor());
            case CHARACTER ->
                "the character device %s (%d:%d)".formatted(device.path(), device.major(), device.minor());
            case FIFO -> "the fifo " + device.path();
        };
    }
}
