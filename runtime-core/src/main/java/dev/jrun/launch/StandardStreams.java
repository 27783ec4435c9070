// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/**
 * The caller's descriptors 0, 1 and 2, given to the container's user: else a user other than root could not open {@code
 * /dev/stdout}, which leads to them. As with runc, the group stays, and devices everybody uses, such as /dev/null, are left alone.
 */
final class StandardStreams {

    private static final int COUNT = 3;
    private static final int UNCHANGED = -1;
    /** Major number of the memory devices: null, zero, full, random. */
    private static final int MEMORY_DEVICES = 1;

    private StandardStreams() {}

    static void assemble(Stage stage, long uid) {
        Assembler asm = stage.asm;
        int mark = asm.registersInUse();
        Register major = asm.register("major");
        Register minor = asm.register("minor");
        for (int descriptor = 0; descriptor < COUNT; descriptor++) {
            Label next = asm.label("next stream");
            asm.source("/process/user/uid", "give descriptor " + descriptor + " to user " + uid);
            stage.deviceNumbers(value(descriptor), major, minor).on(next, Errno.EBADF);
            asm.branch(major, Condition.EQUAL, value(MEMORY_DEVICES), next);
            // On a file system that is read-only or has no owners, of somebody else, or not mapped: it stays as it is.
            asm.call(Syscall.FCHOWN, value(descriptor), value(uid), value(UNCHANGED))
                    .ignore(Errno.EROFS, Errno.EPERM, Errno.EINVAL);
            asm.place(next);
        }
        asm.release(mark);
    }
}
