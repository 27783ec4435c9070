// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * bpf(2), as far as programs that are attached to cgroups need it. The offsets are those of {@code union bpf_attr} in
 * {@code linux/bpf.h}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class Bpf {
    /** Program type: decides about opening and making device nodes. */
    public static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    /** Attach type of {@link #BPF_PROG_TYPE_CGROUP_DEVICE}. */
    public static final int BPF_CGROUP_DEVICE = 6;

    /** In the context's {@code access_type}, lower half. */
    public static final int BPF_DEVCG_DEV_BLOCK = 1;
    /** In the context's {@code access_type}, lower half. */
    public static final int BPF_DEVCG_DEV_CHAR = 2;
    /** In the context's {@code access_type}, upper half. */
    public static final int BPF_DEVCG_ACC_MKNOD = 1;
    /** In the context's {@code access_type}, upper half. */
    public static final int BPF_DEVCG_ACC_READ = 2;
    /** In the context's {@code access_type}, upper half. */
    public static final int BPF_DEVCG_ACC_WRITE = 4;

    private static final int BPF_PROG_LOAD = 5;
    private static final int BPF_PROG_ATTACH = 8;
    private static final int BPF_PROG_DETACH = 9;
    private static final int BPF_PROG_GET_FD_BY_ID = 13;
    private static final int BPF_PROG_QUERY = 16;

    private static final int BPF_F_ALLOW_MULTI = 1 << 1;
    private static final int BPF_F_REPLACE = 1 << 2;

    /** Of log_level: what is wrong, and how much was looked at. Since Linux 5.2. */
    private static final int BPF_LOG_STATS = 4;

    private static final int RLIMIT_MEMLOCK = 8;

    private static final int INSTRUCTION_SIZE = 8;
    private static final int ATTRIBUTES_SIZE = 120;
    private static final int LOG_SIZE = 64 * 1024;
    private static final int MAXIMUM_ATTACHED = 64;

    private Bpf() {}

    /**
     * Has the verifier check a program, and loads it.
     *
     * @param type BPF_PROG_TYPE_*
     * @param instructions each 8 bytes, in the machine's byte order
     * @param license what the kernel is to believe about the program's licence; only GPL-compatible ones may call some
     *     helper functions
     * @param name up to 15 letters, digits and {@code _}, for tools that list programs
     * @return a close-on-exec descriptor, to be closed with {@link LinuxCalls#close}
     * @throws LinuxException with the verifier's log; EPERM without CAP_BPF or CAP_SYS_ADMIN
     */
    public static int load(int type, byte[] instructions, String license, String name) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer attributes = memory.allocate(ATTRIBUTES_SIZE);
            attributes.putInt(0, type);
            attributes.putInt(4, instructions.length / INSTRUCTION_SIZE);
            attributes.putLong(8, LinuxMemory.address(memory.copyOf(instructions)));
            attributes.putLong(16, LinuxMemory.address(memory.string(license)));
            attributes.put(48, name.getBytes(US_ASCII));
            long fd = bpf(BPF_PROG_LOAD, attributes);
            if (fd < 0 && LinuxCalls.lastError() == Errno.EPERM.number() && liftMemoryLockLimit(memory)) {
                fd = bpf(BPF_PROG_LOAD, attributes);
            }
            if (fd >= 0) {
                return (int) fd;
            }
            // Only a second try asks for the log, and without each step of the verifier, of which there may be a
            // million.
            ByteBuffer log = memory.allocate(LOG_SIZE);
            attributes.putInt(24, BPF_LOG_STATS);
            attributes.putInt(28, LOG_SIZE);
            attributes.putLong(32, LinuxMemory.address(log));
            fd = bpf(BPF_PROG_LOAD, attributes);
            if (fd >= 0) {
                return (int) fd;
            }
            throw new LinuxException("bpf BPF_PROG_LOAD", LinuxCalls.lastError(), text(log));
        }
    }

    /**
     * Attaches a program to a cgroup beside those that are there: an access needs the consent of all.
     *
     * @param cgroup descriptor of the cgroup's directory
     * @param type BPF_CGROUP_*
     */
    public static void attach(int cgroup, int program, int type) throws LinuxException {
        attach(cgroup, program, type, BPF_F_ALLOW_MULTI, 0);
    }

    /** Attaches a program in the place of another, with no moment between them in which neither decides. */
    public static void replace(int cgroup, int program, int replaced, int type) throws LinuxException {
        attach(cgroup, program, type, BPF_F_ALLOW_MULTI | BPF_F_REPLACE, replaced);
    }

    /** Takes a program from a cgroup. */
    public static void detach(int cgroup, int program, int type) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer attributes = memory.allocate(ATTRIBUTES_SIZE);
            attributes.putInt(0, cgroup);
            attributes.putInt(4, program);
            attributes.putInt(8, type);
            LinuxCalls.check("bpf BPF_PROG_DETACH", bpf(BPF_PROG_DETACH, attributes));
        }
    }

    /**
     * The ids of the programs that are attached to this very cgroup; those of its ancestors are not among them.
     *
     * @param cgroup descriptor of the cgroup's directory
     * @param type BPF_CGROUP_*
     */
    public static List<Integer> attached(int cgroup, int type) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer ids = memory.allocate(MAXIMUM_ATTACHED * Integer.BYTES);
            ByteBuffer attributes = memory.allocate(ATTRIBUTES_SIZE);
            attributes.putInt(0, cgroup);
            attributes.putInt(4, type);
            attributes.putLong(16, LinuxMemory.address(ids));
            attributes.putInt(24, MAXIMUM_ATTACHED);
            LinuxCalls.check("bpf BPF_PROG_QUERY", bpf(BPF_PROG_QUERY, attributes));
            List<Integer> result = new ArrayList<>();
            for (int index = 0; index < attributes.getInt(24); index++) {
                result.add(ids.getInt(index * Integer.BYTES));
            }
            return List.copyOf(result);
        }
    }

    /**
     * A descriptor for a loaded program.
     *
     * @throws LinuxException with ENOENT if the program is gone, EPERM without CAP_SYS_ADMIN
     */
    public static int open(int id) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer attributes = memory.allocate(ATTRIBUTES_SIZE).putInt(0, id);
            return (int) LinuxCalls.check("bpf BPF_PROG_GET_FD_BY_ID", bpf(BPF_PROG_GET_FD_BY_ID, attributes));
        }
    }

    private static void attach(int cgroup, int program, int type, int flags, int replaced) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer attributes = memory.allocate(ATTRIBUTES_SIZE);
            attributes.putInt(0, cgroup);
            attributes.putInt(4, program);
            attributes.putInt(8, type);
            attributes.putInt(12, flags);
            attributes.putInt(16, replaced);
            LinuxCalls.check("bpf BPF_PROG_ATTACH", bpf(BPF_PROG_ATTACH, attributes));
        }
    }

    private static long bpf(int command, ByteBuffer attributes) {
        return LinuxCalls.call(Syscall.BPF, command, LinuxMemory.address(attributes), attributes.capacity());
    }

    /** Before Linux 5.11 programs count as locked memory, of which a process by default may have very little. */
    private static boolean liftMemoryLockLimit(LinuxMemory memory) {
        ByteBuffer unlimited = memory.allocate(2 * Long.BYTES).putLong(0, -1).putLong(8, -1);
        return LinuxCalls.call(Syscall.PRLIMIT64, 0, RLIMIT_MEMLOCK, LinuxMemory.address(unlimited), 0) == 0;
    }

    private static String text(ByteBuffer log) {
        byte[] bytes = new byte[log.capacity()];
        log.get(0, bytes);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, US_ASCII).strip();
    }
}
