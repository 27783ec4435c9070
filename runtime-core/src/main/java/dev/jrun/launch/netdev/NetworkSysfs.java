// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A sysfs that shows the devices of a network namespace, mounted nowhere. It identifies the device with an index: a
 * process with CAP_NET_ADMIN may delete one and make another with its index, its name and all its addresses. But the
 * inode number of a device's directory stays with it as long as it exists, wherever it is moved, and no other device
 * ever has it: the kernel gives none twice until the machine starts anew.
 */
final class NetworkSysfs {

    /** The identity of a device that cannot be told from another: where no sysfs can be mounted. */
    static final long UNKNOWN = -1;

    private static final String DEVICES = "class/net/";

    private static final int IFREQ_INDEX = 16;

    private final Assembler asm;
    private final NetlinkSocket socket;
    private final Register sysfs;
    private final Address path;
    private final FileStatus status;

    /**
     * @param socket of the same network namespace
     * @param name of what will be the root of the sysfs
     */
    NetworkSysfs(Assembler asm, NetlinkSocket socket, String name) {
        this.asm = asm;
        this.socket = socket;
        this.sysfs = asm.register(name);
        byte[] prefix = DEVICES.getBytes(StandardCharsets.US_ASCII);
        this.path = asm.bytes(Arrays.copyOf(prefix, prefix.length + SocketFlags.IFREQ_SIZE));
        this.status = new FileStatus(asm);
    }

    /** Mounts it in the present network namespace, where the kernel lets the caller; else no device is known. */
    void mount() {
        try (var _ = asm.scope()) {
            Register context = asm.register("context");
            Label close = asm.label("sysfs mounted or not");
            Label done = asm.label("no sysfs can be mounted");
            asm.move(sysfs, value(UNKNOWN));
            asm.call(Syscall.FSOPEN, asm.string("sysfs"), value(MountFlags.FSOPEN_CLOEXEC))
                    .into(context)
                    .onError(done);
            asm.call(Syscall.FSCONFIG, context, value(MountFlags.FSCONFIG_CMD_CREATE), value(0), value(0), value(0))
                    .onError(close);
            asm.call(
                            Syscall.FSMOUNT,
                            context,
                            value(MountFlags.FSMOUNT_CLOEXEC),
                            value(MountFlags.MOUNT_ATTR_RDONLY
                                    | MountFlags.MOUNT_ATTR_NOSUID
                                    | MountFlags.MOUNT_ATTR_NODEV
                                    | MountFlags.MOUNT_ATTR_NOEXEC))
                    .into(sysfs)
                    .onError(close);
            asm.place(close);
            asm.call(Syscall.CLOSE, context);
            asm.place(done);
        }
    }

    /**
     * {@code identity =} what the device has that has this index, and no other ever; {@link #UNKNOWN} if that cannot be
     * said.
     */
    void identify(Register index, Register identity) {
        Label done = asm.label("device identified, if it can be");
        asm.move(identity, value(UNKNOWN));
        asm.branch(sysfs, Condition.LESS, value(0), done);
        find(index).onError(done);
        status.at(sysfs, path, 0).onError(done);
        asm.load(identity, Width.LONG, status.field(Statx.INO));
        asm.place(done);
    }

    /**
     * The same; fails if it cannot be said.
     *
     * @param gone where to go on if there is no such device
     */
    void identify(Register index, Register identity, Label gone) {
        try (var _ = asm.when(sysfs, Condition.LESS, value(0), "sysfs mounted")) {
            asm.fail(Errno.EPERM);
        }
        find(index).on(gone, Errno.ENODEV);
        status.at(sysfs, path, 0);
        asm.load(identity, Width.LONG, status.field(Statx.INO));
    }

    /** Puts the device's present name into the path. */
    private Assembler.Added find(Register index) {
        Address request = path.plus(DEVICES.length());
        asm.store(Width.INT, request.plus(IFREQ_INDEX), index);
        return socket.control(SocketFlags.SIOCGIFNAME, request);
    }
}
