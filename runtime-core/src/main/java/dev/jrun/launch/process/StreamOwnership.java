// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * The caller's descriptors 0, 1 and 2, given to the container's user where they are pipes, or files that are open for
 * writing: else it could not open {@code /dev/stdout}, which leads to them. As with runc, the group stays. The host's
 * devices, its terminals among them, are the host's.
 */
public final class StreamOwnership {

    private static final int COUNT = 3;
    private static final int UNCHANGED = -1;

    private final Assembler asm;
    private final long uid;
    private final FileStatus status;

    /** @param uid the container's, which errors and listings name */
    public StreamOwnership(Assembler asm, long uid) {
        this.asm = asm;
        this.uid = uid;
        this.status = new FileStatus(asm);
    }

    /** Gives them to {@code owner}, as the user namespace of this process has it. */
    public void give(Operand owner) {
        for (int descriptor = 0; descriptor < COUNT; descriptor++) {
            give(value(descriptor), descriptor, owner);
        }
    }

    /** Likewise, to whom the engine has found: {@code host} says which user of the host it is. */
    public void giveToHostUser(Address host) {
        try (var _ = asm.scope()) {
            Register owner = asm.register("host's id");
            asm.source("/process/user/uid", "look which user is " + uid);
            asm.load(owner, Width.LONG, host);
            give(owner);
        }
    }

    private void give(Operand stream, int descriptor, Operand owner) {
        try (var _ = asm.scope()) {
            Register type = asm.register("type");
            Register present = asm.register("owner");
            Label next = asm.label("next stream");
            asm.source("/process/user/uid", "give descriptor " + descriptor + " to user " + uid);
            status.of(stream).on(next, Errno.EBADF);
            status.type(type);
            try (var _ = asm.when(type, Condition.NOT_EQUAL, value(FileMode.S_IFIFO), "a pipe or a file")) {
                asm.branch(type, Condition.NOT_EQUAL, value(FileMode.S_IFREG), next);
                skipUnlessOpenForWriting(stream, next);
            }
            // chown(2) clears a setuid bit, also where nothing else changes.
            asm.load(present, Width.INT, status.field(Statx.UID));
            asm.branch(present, Condition.EQUAL, owner, next);
            // On a file system that is read-only or has no owners, of somebody else, or not mapped: it stays as it is.
            asm.call(Syscall.FCHOWN, stream, owner, value(UNCHANGED)).ignore(Errno.EROFS, Errno.EPERM, Errno.EINVAL);
            asm.place(next);
        }
    }

    /** Who owns a file may change and write it: a caller who gives it to be read gives no more than that. */
    private void skipUnlessOpenForWriting(Operand stream, Label next) {
        try (var _ = asm.scope()) {
            Register access = asm.register("access");
            asm.call(Syscall.FCNTL, stream, value(FileControl.F_GETFL)).into(access);
            asm.compute(access, access, Operation.AND, value(OpenFlags.O_ACCMODE));
            asm.branch(access, Condition.EQUAL, value(OpenFlags.O_RDONLY), next);
        }
    }
}
