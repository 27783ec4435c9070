// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts a program with chosen descriptors, no blocked or ignored signals and the given environment; posix_spawn(3).
 *
 * <p>{@link ProcessBuilder} cannot hand on a descriptor other than 0, 1 and 2.
 *
 * @param executable not looked up in a search path
 * @param arguments with the program's name first
 * @param environment as {@code NAME=value}
 * @param descriptors which the program gets, done in order. All from one above the highest of them, and of 2, on are
 *     closed.
 */
public record LinuxSpawn(
        Path executable, List<String> arguments, List<String> environment, List<Inherited> descriptors) {
    /** Of glibc and of musl: more than their posix_spawn_file_actions_t and posix_spawnattr_t have. */
    private static final int OPAQUE_STRUCTURE = 512;

    private static final int SIGNAL_SET = 128;
    private static final short POSIX_SPAWN_SETSIGDEF = 4;
    private static final short POSIX_SPAWN_SETSIGMASK = 8;

    public LinuxSpawn {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        descriptors = List.copyOf(descriptors);
    }

    /**
     * A descriptor that the program gets.
     *
     * @param here its number in this process; none that an earlier one has in the program
     * @param there its number in the program
     */
    public record Inherited(int here, int there) {}

    /**
     * Starts the program.
     *
     * @return its pid; it is a child of this JVM, to be reaped by {@link LinuxCalls#waitFor}
     */
    public int start() throws LinuxException {
        Libc libc = Libc.Loaded.LIBC;
        try (LinuxMemory memory = new LinuxMemory()) {
            long actions = LinuxMemory.address(memory.allocate(OPAQUE_STRUCTURE));
            long attributes = LinuxMemory.address(memory.allocate(OPAQUE_STRUCTURE));
            check("posix_spawn_file_actions_init", libc.posix_spawn_file_actions_init(actions));
            try {
                check("posix_spawnattr_init", libc.posix_spawnattr_init(attributes));
                try {
                    addDescriptors(libc, actions);
                    setSignals(libc, memory, attributes);
                    return spawn(libc, memory, actions, attributes);
                } finally {
                    libc.posix_spawnattr_destroy(attributes);
                }
            } finally {
                libc.posix_spawn_file_actions_destroy(actions);
            }
        }
    }

    private void addDescriptors(Libc libc, long actions) throws LinuxException {
        int highest = 2;
        for (Inherited descriptor : descriptors) {
            highest = Math.max(highest, descriptor.there());
            check(
                    "posix_spawn_file_actions_adddup2",
                    libc.posix_spawn_file_actions_adddup2(actions, descriptor.here(), descriptor.there()));
        }
        check(
                "posix_spawn_file_actions_addclosefrom_np",
                libc.posix_spawn_file_actions_addclosefrom_np(actions, highest + 1));
    }

    private static void setSignals(Libc libc, LinuxMemory memory, long attributes) throws LinuxException {
        ByteBuffer none = memory.allocate(SIGNAL_SET);
        ByteBuffer all = memory.allocate(SIGNAL_SET);
        // The first 64 bits are the kernel's signals; SIGKILL and SIGSTOP cannot be set, and 32 and 33 are the C
        // library's.
        all.putLong(0, ~(1L << 8 | 1L << 18 | 1L << 31 | 1L << 32));
        check("posix_spawnattr_setsigmask", libc.posix_spawnattr_setsigmask(attributes, LinuxMemory.address(none)));
        check(
                "posix_spawnattr_setsigdefault",
                libc.posix_spawnattr_setsigdefault(attributes, LinuxMemory.address(all)));
        check("posix_spawnattr_setflags", libc.posix_spawnattr_setflags(attributes, (short)
                (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)));
    }

    private int spawn(Libc libc, LinuxMemory memory, long actions, long attributes) throws LinuxException {
        ByteBuffer pid = memory.allocate(Integer.BYTES);
        check(
                "posix_spawn " + executable,
                libc.posix_spawn(
                        LinuxMemory.address(pid),
                        LinuxMemory.address(memory.string(executable.toString())),
                        actions,
                        attributes,
                        LinuxMemory.address(memory.strings(arguments)),
                        LinuxMemory.address(memory.strings(environment)),
                        0));
        return pid.getInt(0);
    }

    /** These functions return the error number instead of setting errno. */
    private static void check(String call, int errno) throws LinuxException {
        if (errno != 0) {
            throw new LinuxException(call, errno);
        }
    }
}
