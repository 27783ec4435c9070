// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A directory of this user's, by a descriptor, for checking whether files in it still have the same content; the JDK
 * would make three times as many calls. If anything is not as it should be, the answer is no, without a reason.
 */
public final class OwnFiles implements AutoCloseable {

    private static final int PIECE = 8 << 10;
    private static final int WRITABLE_FOR_GROUP_AND_OTHERS = 022;

    private final int directory;

    private OwnFiles(int directory) {
        this.directory = directory;
    }

    /** Those in the directory at {@code path}, which is not followed if it is a link. */
    public static OwnFiles in(Path path) throws LinuxException {
        long flags = OpenFlags.directory(Machine.host()) | OpenFlags.noFollow(Machine.host());
        return new OwnFiles(LinuxCalls.open(path, flags, 0));
    }

    /** Whether the directory is this user's, and nobody else can put anything into it. */
    public boolean areOurs() throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            int mode = ownMode(memory, directory);
            return (mode & FileMode.S_IFMT) == FileMode.S_IFDIR && (mode & WRITABLE_FOR_GROUP_AND_OTHERS) == 0;
        }
    }

    /** Whether {@code name} is a regular file of this user's with these bytes. */
    public boolean hold(String name, byte[] bytes) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            // Whatever has this name, nobody is waited for.
            long flags = OpenFlags.O_RDONLY
                    | OpenFlags.O_CLOEXEC
                    | OpenFlags.O_NONBLOCK
                    | OpenFlags.noFollow(Machine.host());
            long address = LinuxMemory.address(memory.string(name));
            int file = (int) LinuxCalls.check("open", LinuxCalls.call(Syscall.OPENAT, directory, address, flags));
            try {
                return (ownMode(memory, file) & FileMode.S_IFMT) == FileMode.S_IFREG
                        && holds(file, memory.allocateUsed(PIECE), bytes);
            } finally {
                LinuxCalls.close(file);
            }
        }
    }

    private static boolean holds(int file, ByteBuffer piece, byte[] bytes) throws LinuxException {
        long address = LinuxMemory.address(piece);
        int at = 0;
        while (true) {
            int count = (int) LinuxCalls.check("read", LinuxCalls.call(Syscall.READ, file, address, PIECE));
            if (count == 0) {
                return at == bytes.length;
            }
            if (count > bytes.length - at || ByteBuffer.wrap(bytes, at, count).mismatch(piece.slice(0, count)) >= 0) {
                return false;
            }
            at += count;
        }
    }

    /** Type and permissions of what is open; 0 if it is not certain to be this user's. */
    private static int ownMode(LinuxMemory memory, int file) throws LinuxException {
        ByteBuffer status = memory.allocateUsed(Statx.SIZE);
        LinuxCalls.check(
                "statx",
                LinuxCalls.call(
                        Syscall.STATX,
                        file,
                        LinuxMemory.address(memory.string("")),
                        OpenFlags.AT_EMPTY_PATH,
                        Statx.STATX_BASIC_STATS,
                        LinuxMemory.address(status)));
        int owner = status.getInt(Statx.UID);
        return owner == EffectiveUser.uid() && !UnmappedUsers.haveUid(owner)
                ? Short.toUnsignedInt(status.getShort(Statx.MODE))
                : 0;
    }

    @Override
    public void close() {
        LinuxCalls.close(directory);
    }
}
