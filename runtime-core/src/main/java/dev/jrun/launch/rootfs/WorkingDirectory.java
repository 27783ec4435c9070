// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Register;
import dev.jrun.spec.ContainerPath;

/** {@code process.cwd}. */
public final class WorkingDirectory {

    private final Assembler asm;
    private final String path;
    private final Register entered;

    public WorkingDirectory(Assembler asm, String path) {
        this.asm = asm;
        this.path = path;
        this.entered = asm.register("entered");
    }

    /** Makes the directory where it is missing, inside the root. */
    public void make(ContainerRoot containerRoot) {
        if (ContainerPath.components(path).isEmpty()) {
            return;
        }
        try (var _ = asm.scope()) {
            Register directory = asm.register("directory");
            asm.source("/process/cwd", "make the working directory " + path);
            new MountPoint(containerRoot).directory(path, directory);
            containerRoot.close(directory);
        }
    }

    /**
     * Enters it while still privileged; a directory that root may not enter (on NFS, say) is left for
     * {@link #enterAsUser}.
     */
    public void enter() {
        asm.source("/process/cwd", "enter the working directory " + path);
        asm.call(Syscall.CHDIR, asm.string(path)).into(entered).ignore(Errno.EACCES, Errno.EPERM);
    }

    /** Enters it if {@link #enter} could not, and makes sure that it is in the container. */
    public void enterAsUser() {
        asm.source("/process/cwd", "enter the working directory " + path);
        try (var _ = asm.when(entered, Condition.NOT_EQUAL, value(0), "entered")) {
            asm.call(Syscall.CHDIR, asm.string(path));
        }
        checkIsInContainer();
    }

    /**
     * Closes CVE-2024-21626: a directory outside the root, reached through a leaked descriptor, has no path from "/";
     * getcwd(2) then says "(unreachable)" instead of a path.
     */
    private void checkIsInContainer() {
        try (var _ = asm.scope()) {
            Register first = asm.register("first character");
            Address name = asm.space(OpenFlags.PATH_MAX);
            asm.source("/process/cwd", "check that the working directory is inside the container");
            asm.call(Syscall.GETCWD, name, value(OpenFlags.PATH_MAX));
            asm.load(first, Width.BYTE, name);
            try (var _ = asm.when(first, Condition.NOT_EQUAL, value('/'), "in the container")) {
                asm.fail(Errno.EPERM);
            }
        }
    }
}
