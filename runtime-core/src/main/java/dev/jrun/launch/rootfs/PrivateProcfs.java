// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.MountFlag;
import java.util.EnumSet;
import java.util.List;

/**
 * A procfs that init mounts only for itself, to write to. The way to a file leads through nothing of the container's,
 * and nothing can be mounted over a file, so writes go where they should (CVE-2019-19921, CVE-2025-52881).
 */
public final class PrivateProcfs {

    private final ContainerRoot containerRoot;
    private final Assembler asm;

    public PrivateProcfs(ContainerRoot containerRoot) {
        this.containerRoot = containerRoot;
        this.asm = containerRoot.asm;
    }

    /**
     * {@code procfs =} the root directory of one, while the host's files can still be reached. Where the kernel allows
     * none to be mounted (EPERM: the pid namespace is another user namespace's, or something is mounted over parts of
     * /proc already) it is the host's, which no container can change; or, in a mount namespace that was joined, what
     * others there have as /proc.
     *
     * @param failed where failures go, before and after
     */
    public void open(Register procfs, Label failed) {
        Label refused = asm.label("no procfs of its own");
        Label opened = asm.label("procfs");
        asm.onFail(refused);
        containerRoot.mounts.make(
                Filesystem.own(
                        "proc", "proc", EnumSet.of(MountFlag.NOSUID, MountFlag.NODEV, MountFlag.NOEXEC), List.of()),
                procfs);
        asm.onFail(failed);
        asm.go(opened);
        asm.place(refused);
        asm.onFail(failed);
        asm.move(containerRoot.context, value(0));
        openHosts(procfs);
        asm.place(opened);
    }

    /**
     * {@code procfs =} the root directory of the host's, while it can still be reached. In a mount namespace that was
     * joined, something else may be mounted there.
     */
    public void openHosts(Register procfs) {
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string("/proc"),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(containerRoot.machine)))
                .into(procfs);
        refuseUnlessProcfs(procfs);
    }

    private void refuseUnlessProcfs(Register directory) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            containerRoot.filesystemType(directory, type);
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(Statfs.PROC_SUPER_MAGIC), "it is procfs")) {
                refuse();
            }
        }
    }

    private void refuse() {
        try (var _ = asm.because(asm.source().with(": /proc is not a file system of type proc"))) {
            asm.fail(Errno.EINVAL);
        }
    }

    /**
     * {@code directory =} that of this process: the link that leads there is the kernel's, and nothing is mounted over
     * it.
     */
    public void openSelf(Register procfs, Register directory) {
        Address how = asm.bytes(Struct.ofLongs(
                OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(containerRoot.machine),
                0,
                OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_XDEV | OpenFlags.RESOLVE_NO_MAGICLINKS));
        asm.call(Syscall.OPENAT2, procfs, asm.string("self"), how, value(OpenFlags.OPEN_HOW_SIZE))
                .into(directory)
                .retry();
    }

    /**
     * {@code file =} the file at {@code path} of {@code procfs}, to be written, without waiting; it is what procfs
     * itself has there.
     */
    public void openToWrite(Register procfs, String path, Register file) {
        Address how = asm.bytes(Struct.ofLongs(
                OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC,
                0,
                OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_XDEV | OpenFlags.RESOLVE_NO_SYMLINKS));
        asm.call(Syscall.OPENAT2, procfs, asm.string(path), how, value(OpenFlags.OPEN_HOW_SIZE))
                .into(file)
                .retry();
    }
}
