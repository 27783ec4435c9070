// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.FileStatus;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The directory that will be the container's root, by its descriptor, and the ways of naming what is beneath it.
 *
 * <p>No path inside the root file system is ever walked by the host's rules: {@link #openInRoot} resolves symbolic
 * links and ".." as if the container's root were "/" already, and what it returns is used by its descriptor from then
 * on. That is what closes CVE-2021-30465 and CVE-2024-45310: there is no second walk for a container to swap a link
 * under.
 */
public sealed class RootDirectory permits ContainerRoot {

    /** openat2(2) takes paths relative to a directory; that itself is this. */
    private static final String ITSELF_BY_NAME = ".";

    /**
     * How a place is opened (O_PATH).
     *
     * @param directory whether it must be a directory
     * @param itself whether a link at the end of the path is what is opened
     * @param resolve flags of openat2(2)
     */
    record Opening(boolean directory, boolean itself, long resolve) {}

    private static final long LINKS = OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS;
    private static final long NO_LINKS = OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_SYMLINKS;

    static final Opening PLACE = new Opening(false, false, LINKS);
    static final Opening DIRECTORY = new Opening(true, false, LINKS);
    static final Opening PLACE_WITHOUT_LINKS = new Opening(false, false, NO_LINKS);
    static final Opening DIRECTORY_WITHOUT_LINKS = new Opening(true, false, NO_LINKS);
    static final Opening ITSELF = new Opening(false, true, LINKS);
    static final Opening ITSELF_WITHOUT_LINKS = new Opening(false, true, NO_LINKS);

    /** On the mount that the path begins on; EXDEV if it leads to another. */
    static final Opening DIRECTORY_ON_MOUNT = new Opening(true, false, LINKS | OpenFlags.RESOLVE_NO_XDEV);

    static final Opening DIRECTORY_ON_MOUNT_WITHOUT_LINKS =
            new Opening(true, false, NO_LINKS | OpenFlags.RESOLVE_NO_XDEV);

    /** Beneath the directory that the path begins in; EXDEV if a link leads out of it. */
    static final Opening PLACE_BENEATH =
            new Opening(false, false, OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_MAGICLINKS);

    public final Assembler asm;
    final Machine machine;

    /** The container's root directory, on its own mount. */
    public final Register root;

    /** The file system context that is being configured, 0 if none: it holds the kernel's own words about an error. */
    public final Register context;

    /** The mount that is being made, until it is where it belongs. */
    final Register mount;

    /** The place in the root file system that it goes to. */
    final Register target;

    /** The file that was looked at last. */
    public final FileStatus status;

    private final Address noString;
    private final Map<Opening, Address> hows = new IdentityHashMap<>();

    RootDirectory(Assembler asm, Machine machine) {
        this.asm = asm;
        this.machine = machine;
        this.root = asm.register("root");
        this.context = asm.register("context");
        this.mount = asm.register("mount");
        this.target = asm.register("target");
        this.status = new FileStatus(asm);
        this.noString = asm.string("");
    }

    /** The empty path of calls that take a descriptor alone (AT_EMPTY_PATH). */
    Address noPath() {
        return noString;
    }

    /** Opens {@code path} in the container's root. A rename anywhere on the system can disturb it: EAGAIN. */
    Assembler.Added openInRoot(Operand path, Opening opening, Register result) {
        return open(root, path, opening, result);
    }

    /** Opens {@code path} beneath {@code directory}, likewise. */
    Assembler.Added open(Register directory, Operand path, Opening opening, Register result) {
        return asm.call(Syscall.OPENAT2, directory, path, how(opening), value(OpenFlags.OPEN_HOW_SIZE))
                .into(result)
                .retry();
    }

    private Address how(Opening opening) {
        Address how = hows.get(opening);
        if (how == null) {
            long directory = opening.directory() ? OpenFlags.directory(machine) : 0;
            long itself = opening.itself() ? OpenFlags.noFollow(machine) : 0;
            how = asm.bytes(
                    Struct.ofLongs(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | directory | itself, 0, opening.resolve()));
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

    /**
     * As {@link #openInRoot(String, Register)}, with these flags. A rename anywhere on the system can disturb it:
     * EAGAIN.
     */
    public Assembler.Added openInRoot(String path, long flags, Register result) {
        Address how = asm.bytes(Struct.ofLongs(flags | OpenFlags.O_CLOEXEC, 0, LINKS));
        return asm.call(Syscall.OPENAT2, root, asm.string(relative(path)), how, value(OpenFlags.OPEN_HOW_SIZE))
                .into(result)
                .retry();
    }

    /** Opens the directory {@code name} in {@code directory} for use as a place. */
    void openInside(Register directory, String name, Register result) {
        long flags =
                OpenFlags.O_PATH | OpenFlags.O_CLOEXEC | OpenFlags.directory(machine) | OpenFlags.noFollow(machine);
        asm.call(Syscall.OPENAT, directory, asm.string(name), value(flags)).into(result);
    }

    private static String relative(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return start == path.length() ? ITSELF_BY_NAME : path.substring(start);
    }

    public void close(Register descriptor) {
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
        status.of(descriptor);
        status.type(type);
    }

    /** Says what the kernel does not, in place of its words, for the failure that follows. */
    void explain(String words) {
        int length = words.getBytes(StandardCharsets.UTF_8).length;
        asm.call(Syscall.MEMFD_CREATE, asm.string("words"), value(FileControl.MFD_CLOEXEC))
                .into(context);
        asm.call(Syscall.WRITE, context, asm.string(words), value(length));
        asm.call(Syscall.LSEEK, context, value(0), value(0));
    }

    /** Fails with {@code errno}, and with {@code remark} added to what the step is about. */
    void refuse(String remark, Errno errno) {
        try (var _ = asm.because(asm.source().with(remark))) {
            asm.fail(errno);
        }
    }

    /** {@code mode =} the file type and permissions of {@code descriptor}. */
    void fileMode(Register descriptor, Register mode) {
        status.of(descriptor);
        asm.load(mode, Width.SHORT, status.field(Statx.MODE));
    }

    /**
     * {@code major}, {@code minor} = the numbers of the device file {@code descriptor}, 0 for any other file; the
     * returned call is the one that can fail.
     */
    Assembler.Added deviceNumbers(Operand descriptor, Register major, Register minor) {
        Assembler.Added call = status.of(descriptor);
        asm.load(major, Width.INT, status.field(Statx.RDEV_MAJOR));
        asm.load(minor, Width.INT, status.field(Statx.RDEV_MINOR));
        return call;
    }
}
