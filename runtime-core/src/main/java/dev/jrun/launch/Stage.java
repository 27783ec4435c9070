// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * What the concerns of a container's init share while it is assembled: the root's descriptor, and the ways of naming
 * what is beneath it.
 *
 * <p>No path inside the root file system is ever walked by the host's rules: {@link #openInRoot} resolves symbolic links and
 * ".." as if the container's root were "/" already, and what it returns is used by its descriptor from then on. That is
 * what closes CVE-2021-30465 and CVE-2024-45310: there is no second walk for a container to swap a link under.
 */
final class Stage {

    private static final int OPEN_HOW_SIZE = 24;

    final Assembler asm;
    final Machine machine;

    /** The container's root directory, on its own mount. */
    final Register root;

    /** The file system context that is being configured, 0 if none: it holds the kernel's own words about an error. */
    final Register context;

    /** How mounts are made. */
    final MountCalls mounts;

    private final Address statx;
    private final Address noString;

    Stage(Assembler asm, Machine machine, KernelCalls kernel) {
        this.asm = asm;
        this.machine = machine;
        this.root = asm.register("root");
        this.context = asm.register("context");
        this.statx = asm.space(Statx.SIZE);
        this.noString = asm.string("");
        this.mounts = MountCalls.of(this, kernel);
    }

    /** The empty path of calls that take a descriptor alone (AT_EMPTY_PATH). */
    Address noPath() {
        return noString;
    }

    /** Opens {@code path} of the container for use as a place (O_PATH); each error fails. */
    void openInRoot(String path, Register result) {
        openInRoot(path, OpenFlags.O_PATH, result, null);
    }

    /** Opens {@code path} of the container for use as a place; goes to {@code missing} if it does not exist. */
    void openInRoot(String path, Register result, Label missing) {
        openInRoot(path, OpenFlags.O_PATH, result, missing);
    }

    /** As {@link #openInRoot(String, Register, Label)}, with these flags. */
    void openInRoot(String path, long flags, Register result, Label missing) {
        Address how = asm.bytes(Struct.ofLongs(
                flags | OpenFlags.O_CLOEXEC, 0, OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS));
        // A rename anywhere on the system can disturb it: EAGAIN.
        Assembler.Added call = asm.call(Syscall.OPENAT2, root, asm.string(relative(path)), how, value(OPEN_HOW_SIZE))
                .into(result)
                .retry();
        if (missing != null) {
            call.on(missing, Errno.ENOENT, Errno.ENOTDIR);
        }
    }

    /** openat2 beneath a root takes paths relative to it; "/" itself is ".". */
    private static String relative(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return start == path.length() ? "." : path.substring(start);
    }

    void close(Register descriptor) {
        asm.call(Syscall.CLOSE, descriptor);
    }

    /** {@code mode =} the file type and permissions of {@code descriptor}. */
    void fileMode(Register descriptor, Register mode) {
        status(descriptor);
        asm.load(mode, Width.SHORT, statx.plus(Statx.MODE));
    }

    /**
     * {@code major}, {@code minor} = the numbers of the device file {@code descriptor}, 0 for any other file; the returned call
     * is the one that can fail.
     */
    Assembler.Added deviceNumbers(Operand descriptor, Register major, Register minor) {
        Assembler.Added call = status(descriptor);
        asm.load(major, Width.INT, statx.plus(Statx.RDEV_MAJOR));
        asm.load(minor, Width.INT, statx.plus(Statx.RDEV_MINOR));
        return call;
    }

    private Assembler.Added status(Operand descriptor) {
        return asm.call(
                Syscall.STATX,
                descriptor,
                noString,
                value(OpenFlags.AT_EMPTY_PATH),
                value(Statx.STATX_BASIC_STATS),
                statx);
    }
}
