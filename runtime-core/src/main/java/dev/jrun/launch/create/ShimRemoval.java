// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.StateDirectory;
import dev.jrun.launch.notify.NotifySocket;
import dev.jrun.launch.part.CgroupIdentity;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes away what is left of a container that has ended and left nothing else: its cgroups and its state. The shim does
 * that at once, where the engine would have to be woken, read and compare first. Whatever is not as expected (another
 * operation holds the container's lock, a process is left in a cgroup) fails, and is then the engine's.
 */
final class ShimRemoval {

    private final Assembler asm;
    private final List<Path> cgroup;
    private final CgroupIdentity identity;
    private final StateDirectory state;
    private final Machine machine;
    private final Optional<NotifySocket> notify;
    private final Register directory;
    private final Register lockFile;

    /**
     * @param cgroup the directories that are to be removed with it
     * @param notify what else is in the state directory
     */
    ShimRemoval(
            Assembler asm,
            List<Path> cgroup,
            CgroupIdentity identity,
            StateDirectory state,
            Machine machine,
            Optional<NotifySocket> notify) {
        this.asm = asm;
        this.cgroup = cgroup;
        this.identity = identity;
        this.state = state;
        this.machine = machine;
        this.notify = notify;
        this.directory = asm.register("state directory");
        this.lockFile = asm.register("lock file");
    }

    /**
     * Holds on to the state directory, while it is certain to be this container's. If that fails, so does
     * {@link #assemble}.
     */
    void prepare() {
        asm.source(Source.runtime("hold on to the container's state"));
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(state.path().toString()),
                        value(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine)))
                .into(directory)
                .ignoreErrors();
    }

    /**
     * Removes it all, unless another operation has. The lock is held until the shim ends.
     *
     * @param occupied where to go on if somebody else has the lock
     */
    void assemble(Label occupied) {
        try (var _ = asm.scope()) {
            Register links = asm.register("links");
            asm.source(Source.runtime("remove the container"));
            lock(occupied);
            FileStatus status = new FileStatus(asm);
            status.of(directory);
            asm.load(links, Width.INT, status.field(Statx.NLINK));
            // Another operation was faster, and the id may be another container's now, or only the directory was
            // removed.
            try (var _ = asm.when(links, Condition.EQUAL, value(0), "present")) {
                asm.fail(Errno.ENOENT);
            }
            identity.checkWereMade();
            for (Path directory : cgroup) {
                removeCgroup(directory);
            }
            if (notify.isPresent()) {
                notify.get().remove(directory);
            }
            for (String file : state.files()) {
                asm.call(Syscall.UNLINKAT, directory, asm.string(file), value(0));
            }
            removeDirectory(state.path());
        }
    }

    private void lock(Label occupied) {
        asm.move(lockFile, value(-Errno.EBADF.number()));
        asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(state.lockFile().toString()),
                        value(OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC | OpenFlags.noFollow(machine)))
                .into(lockFile);
        // struct flock: l_type and l_whence, l_start, l_len, l_pid.
        Address lock = asm.bytes(Struct.ofLongs(FileControl.F_WRLCK, state.lockByte(), 1, 0));
        asm.call(Syscall.FCNTL, lockFile, value(FileControl.F_SETLK), lock).on(occupied, Errno.EAGAIN, Errno.EACCES);
    }

    /** Gives up, so that the engine can have the lock. */
    void leave() {
        asm.source(Source.runtime("leave it to the engine to remove the container"));
        asm.call(Syscall.CLOSE, lockFile).ignoreErrors();
    }

    /** Once the last process has left it, its path may be somebody else's at any time. */
    private void removeCgroup(Path path) {
        Label gone = asm.label("cgroup gone");
        identity.check(path, gone);
        removeDirectory(path);
        asm.place(gone);
    }

    private void removeDirectory(Path path) {
        asm.call(
                        Syscall.UNLINKAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(path.toString()),
                        value(OpenFlags.AT_REMOVEDIR))
                .ignore(Errno.ENOENT);
    }
}
