// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Poll;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Statfs;
import dev.jrun.kernel.Statx;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.WaitStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The system calls that the engine itself makes. Calls whose meaning depends on who makes them are in launch programs
 * instead.
 *
 * <p>The native library is loaded with the first call, not with this class.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscalls.2.html">syscalls(2)</a>
 */
public final class LinuxCalls {
    private static final int PIECE = 8 << 10;
    private static final int LONGEST_LINK = 64;
    private static final int SO_PEERCRED = 17;
    private static final int SO_PEERPIDFD = 77;

    static volatile boolean isLoaded;

    private LinuxCalls() {}

    /** Whether the native library is there already, so that a call costs no more than itself. */
    public static boolean isLoaded() {
        return isLoaded;
    }

    /**
     * Who made the other end of a Unix socket, when it connected or called socketpair(2); SO_PEERCRED of unix(7).
     *
     * @param pid in the caller's pid namespace, 0 if it is not visible there
     * @param uid in the caller's user namespace
     */
    public record PeerCredentials(int pid, int uid) {}

    /** The two ends of a socketpair(2). */
    public record SocketPair(int first, int second) {}

    /** Loads the native library, and what else the first call takes. */
    public static void load() {
        try (LinuxMemory memory = new LinuxMemory()) {
            memory.string("");
            uid();
        }
    }

    /** getuid(2). */
    public static int uid() {
        return (int) call(Syscall.GETUID, 0, 0, 0);
    }

    /**
     * open(2), always close-on-exec.
     *
     * @param flags of {@link OpenFlags}
     * @param mode permission bits of a new file
     * @return a descriptor, to be closed with {@link #close}
     */
    public static int open(Path path, long flags, int mode) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            long name = LinuxMemory.address(memory.string(path.toString()));
            return (int) check(
                    "open " + path, call(Syscall.OPENAT, OpenFlags.AT_FDCWD, name, flags | OpenFlags.O_CLOEXEC, mode));
        }
    }

    /**
     * What is in a file that the kernel writes while it is read, in /proc or in a cgroup. The JDK makes so much for
     * each file that it takes longer than the kernel does.
     */
    public static byte[] read(String path) throws LinuxException {
        return read(path, Integer.MAX_VALUE);
    }

    /**
     * Likewise, but no further than is needed to see that it is longer.
     *
     * @param most that are of interest
     */
    public static byte[] read(String path, int most) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            long name = LinuxMemory.address(memory.string(path));
            int file = (int) check(
                    "open ",
                    path,
                    call(Syscall.OPENAT, OpenFlags.AT_FDCWD, name, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0));
            try {
                return read(file, path, most, memory.allocateUsed(PIECE));
            } finally {
                close(file);
            }
        }
    }

    private static byte[] read(int file, String path, int most, ByteBuffer piece) throws LinuxException {
        byte[] bytes = {};
        int length = 0;
        long address = LinuxMemory.address(piece);
        while (length <= most) {
            int count = (int) check("read ", path, call(Syscall.READ, file, address, PIECE));
            if (count == 0) {
                break;
            }
            if (bytes.length < length + count) {
                bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * length));
            }
            piece.get(0, bytes, length, count);
            length += count;
        }
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** What a link of the kernel's says, which is short; readlink(2). */
    public static String readLink(String path) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer text = memory.allocateUsed(LONGEST_LINK);
            long name = LinuxMemory.address(memory.string(path));
            long address = LinuxMemory.address(text);
            byte[] link = new byte
                    [(int) check(
                            "readlink ",
                            path,
                            call(Syscall.READLINKAT, OpenFlags.AT_FDCWD, name, address, LONGEST_LINK))];
            text.get(0, link);
            return new String(link, StandardCharsets.UTF_8);
        }
    }

    /** Opens a directory for reading, such as that of a cgroup for {@link Bpf#attach}. */
    public static int openDirectory(Path path) throws LinuxException {
        return open(path, OpenFlags.O_RDONLY | OpenFlags.directory(Machine.host()), 0);
    }

    /** close(2). An error is not reported: whatever it says, the descriptor is closed afterwards. */
    public static void close(int fd) {
        call(Syscall.CLOSE, fd, 0, 0);
    }

    /** Another descriptor, close-on-exec, of what is open as {@code fd}; F_DUPFD_CLOEXEC of fcntl(2). */
    public static int duplicate(int fd) throws LinuxException {
        return (int) check("fcntl F_DUPFD_CLOEXEC", call(Syscall.FCNTL, fd, FileControl.F_DUPFD_CLOEXEC, 0));
    }

    /**
     * mkdir(2).
     *
     * @param mode permission bits and the sticky bit
     */
    public static void makeDirectory(Path path, int mode) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            long name = LinuxMemory.address(memory.string(path.toString()));
            check("mkdir " + path, call(Syscall.MKDIRAT, OpenFlags.AT_FDCWD, name, mode));
        }
    }

    /**
     * Locks the first byte of a file for this open description of it, as long as that is open; F_OFD_SETLK of
     * fcntl_locking(2).
     *
     * @param fd opened for writing
     * @return false if another description has it locked
     */
    public static boolean tryLock(int fd) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            // struct flock: l_type and l_whence, l_start, l_len, l_pid.
            ByteBuffer flock = memory.allocate(4 * Long.BYTES)
                    .putShort(0, (short) FileControl.F_WRLCK)
                    .putLong(2 * Long.BYTES, 1);
            check("fcntl F_OFD_SETLK", call(Syscall.FCNTL, fd, FileControl.F_OFD_SETLK, LinuxMemory.address(flock)));
            return true;
        } catch (LinuxException error) {
            if (error.is(Errno.EAGAIN) || error.is(Errno.EACCES)) {
                return false;
            }
            throw error;
        }
    }

    /**
     * Unmounts what is mounted on {@code path}, in use or not; umount2(2) with MNT_DETACH. A link there is not
     * followed.
     */
    public static void detach(Path path) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            long name = LinuxMemory.address(memory.string(path.toString()));
            long flags = MountFlags.MNT_DETACH | MountFlags.UMOUNT_NOFOLLOW;
            check("umount " + path, call(Syscall.UMOUNT2, name, flags, 0));
        }
    }

    /** The size of a file in bytes, of a link itself if it is one; statx(2). */
    public static long fileSize(Path path) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer status = memory.allocateUsed(Statx.SIZE);
            long name = LinuxMemory.address(memory.string(path.toString()));
            long flags = OpenFlags.AT_SYMLINK_NOFOLLOW;
            long address = LinuxMemory.address(status);
            check(
                    "stat ",
                    path.toString(),
                    call(Syscall.STATX, OpenFlags.AT_FDCWD, name, flags, Statx.STATX_BASIC_STATS, address));
            return status.getLong(Statx.LENGTH);
        }
    }

    /**
     * The magic number of the file system that {@code path} is on; {@code f_type} of statfs(2).
     *
     * @return such as 0x63677270 (cgroup2)
     */
    public static long fileSystemType(Path path) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer statfs = memory.allocate(256);
            long name = LinuxMemory.address(memory.string(path.toString()));
            check("statfs " + path, call(Syscall.STATFS, name, LinuxMemory.address(statfs), 0));
            return statfs.getLong(0);
        }
    }

    /** kill(2): {@code pid} as there, so 0 and negative numbers are groups; signal 0 only asks. */
    public static void kill(int pid, int signal) throws LinuxException {
        check("kill " + pid, call(Syscall.KILL, pid, signal, 0));
    }

    /** pidfd_open(2): a descriptor for the process, ready to read when it has ended. */
    public static int pidfdOpen(int pid) throws LinuxException {
        return (int) check("pidfd_open " + pid, call(Syscall.PIDFD_OPEN, pid, 0, 0));
    }

    /**
     * The inode number of pidfds of a process, which since Linux 6.9 is no other process's while the machine runs;
     * pidfd_open(2). Empty before that.
     */
    public static OptionalLong pidfdNumber(int pid) throws LinuxException {
        int pidfd = pidfdOpen(pid);
        try (LinuxMemory memory = new LinuxMemory()) {
            if (fileSystemType(Path.of("/proc/self/fd/" + pidfd)) != Statfs.PID_FS_MAGIC) {
                return OptionalLong.empty();
            }
            ByteBuffer status = memory.allocate(Statx.SIZE);
            long empty = LinuxMemory.address(memory.string(""));
            long address = LinuxMemory.address(status);
            check("statx", call(Syscall.STATX, pidfd, empty, OpenFlags.AT_EMPTY_PATH, Statx.STATX_INO, address));
            return OptionalLong.of(status.getLong(Statx.INO));
        } finally {
            close(pidfd);
        }
    }

    /** pidfd_send_signal(2). */
    public static void pidfdSendSignal(int pidfd, int signal) throws LinuxException {
        check("pidfd_send_signal", call(Syscall.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0));
    }

    /**
     * What a descriptor is ready for, now; poll(2).
     *
     * @param events POLL* to ask for
     * @return POLL* that hold, POLLERR among them where that does
     */
    public static int poll(int fd, int events) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer pollfd = pollfd(memory, fd, events);
            long none = LinuxMemory.address(memory.allocate(16));
            check("poll", call(Syscall.PPOLL, LinuxMemory.address(pollfd), 1, none, 0));
            return pollfd.getShort(Poll.REVENTS);
        }
    }

    /** Waits until one of these descriptors can be read, for so long at most, or until a signal comes; poll(2). */
    public static void awaitInput(int[] fds, Duration atMost) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer polled = memory.allocate(Poll.SIZE * fds.length);
            for (int i = 0; i < fds.length; i++) {
                polled.putInt(Poll.SIZE * i, fds[i]).putShort(Poll.SIZE * i + Integer.BYTES, Poll.POLLIN);
            }
            ByteBuffer timeout =
                    memory.allocate(16).putLong(0, atMost.toSeconds()).putLong(Long.BYTES, atMost.toNanosPart());
            long address = LinuxMemory.address(polled);
            long result = call(Syscall.PPOLL, address, fds.length, LinuxMemory.address(timeout), 0);
            if (result != -Errno.EINTR.number()) {
                check("poll", result);
            }
        }
    }

    /** A {@code struct pollfd}. */
    static ByteBuffer pollfd(LinuxMemory memory, int fd, int events) {
        return memory.allocate(Poll.SIZE).putInt(0, fd).putShort(Integer.BYTES, (short) events);
    }

    /** A connected pair of Unix stream sockets, both close-on-exec; socketpair(2). */
    public static SocketPair socketpair() throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer pair = memory.allocate(2 * Integer.BYTES);
            long address = LinuxMemory.address(pair);
            check(
                    "socketpair",
                    call(
                            Syscall.SOCKETPAIR,
                            SocketFlags.AF_UNIX,
                            SocketFlags.SOCK_STREAM | SocketFlags.SOCK_CLOEXEC,
                            0,
                            address));
            return new SocketPair(pair.getInt(0), pair.getInt(4));
        }
    }

    /** SO_PEERCRED. */
    public static PeerCredentials peerCredentials(int socket) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer ucred = socketOption(memory, socket, SO_PEERCRED, "SO_PEERCRED", 3 * Integer.BYTES);
            return new PeerCredentials(ucred.getInt(0), ucred.getInt(4));
        }
    }

    /**
     * SO_PEERPIDFD: a pidfd of the process that {@link #peerCredentials} names.
     *
     * @return a close-on-exec descriptor, to be closed with {@link #close}
     * @throws LinuxException with ENOPROTOOPT on kernels before 6.5, ESRCH or EINVAL if the process has been reaped
     */
    public static int peerPidfd(int socket) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            return socketOption(memory, socket, SO_PEERPIDFD, "SO_PEERPIDFD", Integer.BYTES)
                    .getInt(0);
        }
    }

    /** Makes this process non-dumpable, so that its /proc files are root's and ptrace(2) is refused; prctl(2). */
    public static void setNotDumpable() throws LinuxException {
        check("prctl PR_SET_DUMPABLE", call(Syscall.PRCTL, Prctl.PR_SET_DUMPABLE, 0, 0, 0));
    }

    /** wait4(2): waits for a child that {@link LinuxSpawn} started. Blocks the thread. */
    public static WaitStatus waitFor(int pid) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer status = memory.allocate(Integer.BYTES);
            long address = LinuxMemory.address(status);
            long result;
            do {
                result = call(Syscall.WAIT4, pid, address, 0, 0);
            } while (result < 0 && lastError() == Errno.EINTR.number());
            check("wait4 " + pid, result);
            return new WaitStatus(status.getInt(0));
        }
    }

    private static ByteBuffer socketOption(LinuxMemory memory, int socket, int option, String name, int size)
            throws LinuxException {
        ByteBuffer value = memory.allocate(size);
        ByteBuffer length = memory.allocate(Integer.BYTES).putInt(0, size);
        check(
                "getsockopt " + name,
                call(
                        Syscall.GETSOCKOPT,
                        socket,
                        SocketFlags.SOL_SOCKET,
                        option,
                        LinuxMemory.address(value),
                        LinuxMemory.address(length)));
        return value;
    }

    static long call(Syscall syscall, long a, long b, long c) {
        return call(syscall, a, b, c, 0);
    }

    static long call(Syscall syscall, long a, long b, long c, long d) {
        return call(syscall, a, b, c, d, 0);
    }

    static long call(Syscall syscall, long a, long b, long c, long d, long e) {
        return DirectCall.syscall(syscall.number(Machine.host()), a, b, c, d, e);
    }

    static long check(String call, long result) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(call, lastError());
        }
        return result;
    }

    private static long check(String call, String path, long result) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(call + path, lastError());
        }
        return result;
    }

    static int lastError() {
        return DirectCall.lastError();
    }
}
