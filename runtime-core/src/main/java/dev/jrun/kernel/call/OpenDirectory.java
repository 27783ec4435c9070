// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A directory by a descriptor, so that what is in it can be named and reached however long its own path is. */
public final class OpenDirectory implements AutoCloseable {

    /** Enough for all that is in most cgroups. */
    private static final int ENTRIES = 4 << 10;

    /** {@code struct linux_dirent64}, getdents64(2). */
    private static final int DIRENT_RECLEN = 16;

    private static final int DIRENT_TYPE = 18;
    private static final int DIRENT_NAME = 19;
    private static final byte DT_DIR = 4;

    /** {@code linux/exportfs.h}. */
    private static final int FILEID_KERNFS = 0xfe;

    private static final byte[] PARENT = {'.', '.'};

    /** All bits that chmod(2) sets. */
    private static final int PERMISSIONS = 07777;

    private final int descriptor;

    private OpenDirectory(int descriptor) {
        this.descriptor = descriptor;
    }

    /** The directory at {@code path}. */
    public static OpenDirectory at(Path path) throws LinuxException {
        return new OpenDirectory(LinuxCalls.openDirectory(path));
    }

    /**
     * One of {@link #directories}.
     *
     * @throws LinuxException with ENOENT if it is there no more
     */
    public OpenDirectory child(byte[] name) throws LinuxException {
        return open(name);
    }

    /** The one that this is in. */
    public OpenDirectory parent() throws LinuxException {
        return open(PARENT);
    }

    private OpenDirectory open(byte[] name) throws LinuxException {
        long flags = OpenFlags.O_RDONLY
                | OpenFlags.O_CLOEXEC
                | OpenFlags.directory(Machine.host())
                | OpenFlags.noFollow(Machine.host());
        try (LinuxMemory memory = new LinuxMemory()) {
            long address = LinuxMemory.address(terminated(memory, name));
            return new OpenDirectory((int)
                    LinuxCalls.check("open a directory", LinuxCalls.call(Syscall.OPENAT, descriptor, address, flags)));
        }
    }

    /** The names of the directories in it, which may be any bytes; none if it was removed. It can be asked once. */
    public List<byte[]> directories() throws LinuxException {
        List<byte[]> names = new ArrayList<>();
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer entries = memory.allocate(ENTRIES);
            int size = read(entries);
            while (size > 0) {
                addDirectories(entries, size, names);
                size = read(entries);
            }
        }
        return names;
    }

    private int read(ByteBuffer entries) throws LinuxException {
        long result = LinuxCalls.call(Syscall.GETDENTS64, descriptor, LinuxMemory.address(entries), entries.capacity());
        boolean removed = result < 0 && LinuxCalls.lastError() == Errno.ENOENT.number();
        return removed ? 0 : (int) LinuxCalls.check("getdents64", result);
    }

    private static void addDirectories(ByteBuffer entries, int size, List<byte[]> names) {
        int length;
        for (int at = 0; at < size; at += length) {
            length = Short.toUnsignedInt(entries.getShort(at + DIRENT_RECLEN));
            if (entries.get(at + DIRENT_TYPE) == DT_DIR) {
                byte[] name = name(entries, at + DIRENT_NAME);
                if (!isSelfOrParent(name)) {
                    names.add(name);
                }
            }
        }
    }

    private static byte[] name(ByteBuffer entries, int start) {
        int end = start;
        while (entries.get(end) != 0) {
            end++;
        }
        byte[] name = new byte[end - start];
        entries.get(start, name);
        return name;
    }

    private static boolean isSelfOrParent(byte[] name) {
        return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
    }

    /**
     * Whether the kernfs that it is on has a directory of this number, wherever that is; open_by_handle_at(2), with the
     * handle that name_to_handle_at(2) gives for it: its number, which is its inode number on machines of 64 bits.
     *
     * @throws LinuxException with EPERM if this process may not ask
     */
    public boolean isOnKernfsWith(long number) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer handle = memory.allocate(2 * Long.BYTES)
                    .putInt(0, Long.BYTES)
                    .putInt(Integer.BYTES, FILEID_KERNFS)
                    .putLong(Long.BYTES, number);
            long address = LinuxMemory.address(handle);
            long result = LinuxCalls.call(
                    Syscall.OPEN_BY_HANDLE_AT, descriptor, address, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC);
            if (result < 0 && LinuxCalls.lastError() == Errno.ESTALE.number()) {
                return false;
            }
            LinuxCalls.close((int) LinuxCalls.check("open_by_handle_at", result));
            return true;
        }
    }

    /** The permissions, and what else chmod(2) sets, of one of {@link #directories}; 0 if it is there no more. */
    public int mode(byte[] name) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer status = memory.allocate(Statx.SIZE);
            long address = LinuxMemory.address(terminated(memory, name));
            long result = LinuxCalls.call(
                    Syscall.STATX,
                    descriptor,
                    address,
                    OpenFlags.AT_SYMLINK_NOFOLLOW,
                    Statx.STATX_BASIC_STATS,
                    LinuxMemory.address(status));
            if (result < 0 && LinuxCalls.lastError() == Errno.ENOENT.number()) {
                return 0;
            }
            LinuxCalls.check("statx", result);
            return status.getShort(Statx.MODE) & PERMISSIONS;
        }
    }

    /** rmdir(2) of one of {@link #directories}. */
    public void remove(byte[] name) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            long address = LinuxMemory.address(terminated(memory, name));
            LinuxCalls.check("rmdir", LinuxCalls.call(Syscall.UNLINKAT, descriptor, address, OpenFlags.AT_REMOVEDIR));
        }
    }

    /** A short path of it, while it is open. */
    public Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    private static ByteBuffer terminated(LinuxMemory memory, byte[] name) {
        return memory.allocate(name.length + 1).put(0, name);
    }

    @Override
    public void close() {
        LinuxCalls.close(descriptor);
    }
}
