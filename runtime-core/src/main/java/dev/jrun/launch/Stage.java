// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;

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

    /**
     * How a place is opened (O_PATH).
     *
     * @param directory whether it must be a directory
     * @param links whether symbolic links are followed
     * @param itself whether a link at the end of the path is what is opened
     */
    record Opening(boolean directory, boolean links, boolean itself) {}

    static final Opening PLACE = new Opening(false, true, false);
    static final Opening DIRECTORY = new Opening(true, true, false);
    static final Opening PLACE_WITHOUT_LINKS = new Opening(false, false, false);
    static final Opening DIRECTORY_WITHOUT_LINKS = new Opening(true, false, false);
    static final Opening ITSELF = new Opening(false, true, true);
    static final Opening ITSELF_WITHOUT_LINKS = new Opening(false, false, true);

    final Assembler asm;
    final Machine machine;

    /** The container's root directory, on its own mount. */
    final Register root;

    /** The file system context that is being configured, 0 if none: it holds the kernel's own words about an error. */
    final Register context;

    /** The mount that is being made, until it is where it belongs. */
    final Register mount;

    /** The place in the root file system that it goes to. */
    final Register target;

    /** How mounts are made. */
    final MountCalls mounts;

    /** How places for them are made. */
    final MissingPlaces missing;

    /** The registers that subroutines work with, and the first one behind them. */
    private final int subroutines;

    private final int afterSubroutines;
    private final Address statx;
    private final Address noString;
    private final Map<Opening, Address> hows = new IdentityHashMap<>();

    Stage(Assembler asm, Machine machine, KernelCalls kernel) {
        this.asm = asm;
        this.machine = machine;
        this.root = asm.register("root");
        this.context = asm.register("context");
        this.mount = asm.register("mount");
        this.target = asm.register("target");
        this.statx = asm.space(Statx.SIZE);
        this.noString = asm.string("");
        this.mounts = MountCalls.of(this, kernel);
        this.subroutines = asm.registersInUse();
        this.missing = new MissingPlaces(this);
        this.afterSubroutines = asm.registersInUse();
    }

    /** Makes something with subroutines. None calls another, so that all work with the same registers. */
    <T> T subroutine(Supplier<T> making) {
        int mark = asm.registersInUse();
        asm.release(subroutines);
        T made = making.get();
        if (asm.registersInUse() > afterSubroutines) {
            throw new IllegalStateException("more registers than the largest subroutine has");
        }
        asm.release(mark);
        return made;
    }

    /** The empty path of calls that take a descriptor alone (AT_EMPTY_PATH). */
    Address noPath() {
        return noString;
    }

    /** Opens {@code path} in the container's root. A rename anywhere on the system can disturb it: EAGAIN. */
    Assembler.Added openInRoot(Operand path, Opening opening, Register result) {
        return asm.call(Syscall.OPENAT2, root, path, how(opening), value(OPEN_HOW_SIZE))
                .into(result)
                .retry();
    }

    private Address how(Opening opening) {
        Address how = hows.get(opening);
        if (how == null) {
            long directory = opening.directory() ? OpenFlags.directory(machine) : 0;
            long itself = opening.itself() ? OpenFlags.noFollow(machine) : 0;
            long links = opening.links() ? OpenFlags.RESOLVE_NO_MAGICLINKS : OpenFlags.RESOLVE_NO_SYMLINKS;
            how = asm.bytes(Struct.ofLongs(
                    OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | directory | itself, 0, OpenFlags.RESOLVE_IN_ROOT | links));
            hows.put(opening, how);
        }
        return how;
    }

    /** Opens {@code path} of the container for use as a place (O_PATH); each error fails. */
    void openInRoot(String path, Register result) {
        openInRoot(asm.string(relative(path)), PLACE, result);
    }

    /** Opens {@code path} of the container for use as a place; goes to {@code missing} if it does not exist. */
    void openInRoot(String path, Register result, Label missing) {
        openInRoot(asm.string(relative(path)), PLACE, result).on(missing, Errno.ENOENT, Errno.ENOTDIR);
    }

    /** As {@link #openInRoot(String, Register)}, with these flags. A rename anywhere on the system can disturb it: EAGAIN. */
    Assembler.Added openInRoot(String path, long flags, Register result) {
        Address how = asm.bytes(Struct.ofLongs(
                flags | OpenFlags.O_CLOEXEC, 0, OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS));
        return asm.call(Syscall.OPENAT2, root, asm.string(relative(path)), how, value(OPEN_HOW_SIZE))
                .into(result)
                .retry();
    }

    /** Opens the directory {@code name} in {@code directory} for use as a place. */
    void openInside(Register directory, String name, Register result) {
        long flags =
                OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine) | OpenFlags.noFollow(machine);
        asm.call(Syscall.OPENAT, directory, asm.string(name), value(flags)).into(result);
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

    /** {@code type =} the type of the file system that {@code descriptor} is on, as statfs(2) numbers it. */
    void filesystemType(Register descriptor, Register type) {
        Address statfs = asm.space(Statfs.SIZE);
        asm.call(Syscall.FSTATFS, descriptor, statfs);
        asm.load(type, Width.LONG, statfs.plus(Statfs.TYPE));
    }

    /** {@code type =} the file type of {@code descriptor}, without its permissions. */
    void fileType(Register descriptor, Register type) {
        fileMode(descriptor, type);
        asm.compute(type, type, Operation.AND, value(FileMode.S_IFMT));
    }

    /** Says what the kernel does not, in place of its words, for the failure that follows. */
    void explain(String words) {
        int length = words.getBytes(StandardCharsets.UTF_8).length;
        asm.call(Syscall.MEMFD_CREATE, asm.string("words"), value(FileControl.MFD_CLOEXEC))
                .into(context);
        asm.call(Syscall.WRITE, context, asm.string(words), value(length));
        asm.call(Syscall.LSEEK, context, value(0), value(0));
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
        return status(descriptor, noString, OpenFlags.AT_EMPTY_PATH);
    }

    /** Looks at {@code path} in {@code directory}; {@link #status(int)} says where what is found is. */
    Assembler.Added status(Operand directory, Operand path, long flags) {
        return asm.call(Syscall.STATX, directory, path, value(flags), value(Statx.STATX_BASIC_STATS), statx);
    }

    /** Where {@code field} of the file that was looked at last is, {@link Statx}. */
    Address status(int field) {
        return statx.plus(field);
    }
}
