// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.Syscall;

/** A file in memory that holds data, never a program. memfd_create(2). */
public final class MemoryFile {

    private static final long SEALS =
            FileControl.F_SEAL_SEAL | FileControl.F_SEAL_SHRINK | FileControl.F_SEAL_GROW | FileControl.F_SEAL_WRITE;

    private MemoryFile() {}

    /** {@code result =} a new, empty one. */
    public static void create(Assembler asm, String name, Register result) {
        Label created = asm.label("created");
        Label older = asm.label("without MFD_NOEXEC_SEAL");
        Address text = asm.string(name);
        // Hosts can demand that it is said (sysctl vm.memfd_noexec), since Linux 6.3.
        asm.call(Syscall.MEMFD_CREATE, text, value(FileControl.MFD_CLOEXEC | FileControl.MFD_NOEXEC_SEAL))
                .into(result)
                .on(older, Errno.EINVAL);
        asm.go(created);
        asm.place(older);
        asm.call(Syscall.MEMFD_CREATE, text, value(FileControl.MFD_CLOEXEC | FileControl.MFD_ALLOW_SEALING))
                .into(result);
        asm.place(created);
    }

    /** Nobody can change {@code file} from here on. */
    public static void seal(Assembler asm, Register file) {
        asm.call(Syscall.FCNTL, file, value(FileControl.F_ADD_SEALS), value(SEALS));
    }
}
