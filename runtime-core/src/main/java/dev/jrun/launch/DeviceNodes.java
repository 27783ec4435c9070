// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.spec.ContainerPath;
import dev.jrun.spec.Device;
import java.util.List;

/**
 * Makes device files by mknod(2), or where that is not allowed by mounting the host's file of the same path. What is at a path
 * already has to be the device that is asked for, and stays as it is.
 */
final class DeviceNodes {

    private static final int DEFAULT_MODE = 0666;

    private final Stage stage;
    private final Assembler asm;
    private final MountPoint mountPoint;

    DeviceNodes(Stage stage) {
        this.stage = stage;
        this.asm = stage.asm;
        this.mountPoint = new MountPoint(stage);
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

    /** {@code dev_t} as mknod(2) takes it: the lower 8 bits of the minor number, 12 of the major, the other 12 of the minor. */
    static long number(Device device) {
        return device.minor() & 0xff | device.major() << 8 | (device.minor() & 0xfff00) << 12;
    }

    /** Whether a user namespace keeps its root from making {@code device}; anybody makes a fifo. */
    static boolean takesCapability(Device device) {
        return device.type() != Device.Type.FIFO;
    }

    /** Makes it; where mknod(2) is not allowed (EPERM), the host's is mounted. */
    void make(Device device) {
        int mark = asm.registersInUse();
        Register directory = asm.register("directory");
        Register made = asm.register("made");
        Label notMade = asm.label("not made");
        Label exists = asm.label("exists");
        Label done = asm.label("device");
        Source reason = asm.source();
        List<String> components = components(device);
        if (isInDev(components)) {
            mountPoint.directoryWithoutLinks(parent(components), directory);
        } else {
            mountPoint.directory(parent(components), directory);
        }
        Assembler.Added call = asm.call(
                        Syscall.MKNODAT,
                        directory,
                        asm.string(components.getLast()),
                        value(mode(device)),
                        value(number(device)))
                .into(made);
        if (takesCapability(device)) {
            call.on(notMade, Errno.EEXIST, Errno.EPERM);
        } else {
            call.on(notMade, Errno.EEXIST);
        }
        own(device, directory, components.getLast());
        stage.close(directory);
        asm.go(done);
        asm.place(notMade);
        stage.close(directory);
        if (takesCapability(device)) {
            asm.branch(made, Condition.EQUAL, value(-Errno.EEXIST.number()), exists);
            bind(device);
            asm.go(done);
            asm.place(exists);
            asm.source(reason);
        }
        expect(device);
        asm.place(done);
        asm.source(reason);
        asm.release(mark);
    }

    /** Nobody is to exchange the file for another between mknod(2) and chown(2), so it is looked at again by a descriptor. */
    private void own(Device device, Register directory, String name) {
        long uid = device.uid().orElse(0);
        long gid = device.gid().orElse(0);
        if (uid == 0 && gid == 0) {
            return;
        }
        int mark = asm.registersInUse();
        Register file = asm.register("device");
        asm.call(
                        Syscall.OPENAT,
                        directory,
                        asm.string(name),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.noFollow(stage.machine)))
                .into(file);
        check(device, file);
        asm.call(Syscall.FCHOWNAT, file, stage.noPath(), value(uid), value(gid), value(OpenFlags.AT_EMPTY_PATH));
        stage.close(file);
        asm.release(mark);
    }

    /** Makes sure that it is there. */
    void expect(Device device) {
        int mark = asm.registersInUse();
        Register file = asm.register("device");
        stage.openInRoot(device.path(), file);
        check(device, file);
        stage.close(file);
        asm.release(mark);
    }

    /** Mounts the host's file of its path at that place in the container; that it is the device is made sure of. */
    void bind(Device device) {
        int mark = asm.registersInUse();
        Register host = asm.register("host's device");
        Source reason = asm.source();
        asm.source(reason.pointer(), reason.intent() + ": mount the host's, since none can be made here");
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(device.path()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC))
                .into(host);
        check(device, host);
        stage.mounts.copy(host, MountCalls.Depth.SINGLE, stage.mount);
        // It can be written to all the same, but its mode and owner are the host's.
        stage.mounts.change(stage.mount, MountCalls.Depth.SINGLE, MountAttributes.READ_ONLY);
        if (isInDev(components(device))) {
            mountPoint.forMountWithoutLinks(device.path());
        } else {
            mountPoint.forMount(device.path());
        }
        mountPoint.attach();
        stage.close(stage.target);
        stage.close(stage.mount);
        stage.close(host);
        asm.source(reason);
        asm.release(mark);
    }

    /** Fails unless {@code file} is this device. */
    private void check(Device device, Register file) {
        int mark = asm.registersInUse();
        Register found = asm.register("found");
        Register minor = asm.register("minor");
        Label other = asm.label("another file");
        Label same = asm.label("the device");
        stage.fileMode(file, found);
        asm.compute(found, found, Operation.AND, value(FileMode.S_IFMT));
        if (takesCapability(device)) {
            asm.branch(found, Condition.NOT_EQUAL, value(type(device)), other);
            stage.deviceNumbers(file, found, minor);
            asm.branch(found, Condition.NOT_EQUAL, value(device.major()), other);
            asm.branch(minor, Condition.EQUAL, value(device.minor()), same);
        } else {
            asm.branch(found, Condition.EQUAL, value(type(device)), same);
        }
        asm.place(other);
        Source reason = asm.source();
        asm.source(reason.pointer(), reason.intent() + ": another file is at its path");
        asm.fail(Errno.EEXIST);
        asm.source(reason);
        asm.place(same);
        asm.release(mark);
    }

    private static boolean isInDev(List<String> components) {
        return components.getFirst().equals("dev");
    }

    static List<String> components(Device device) {
        return ContainerPath.components(device.path());
    }

    private static String parent(List<String> components) {
        return "/" + String.join("/", components.subList(0, components.size() - 1));
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
