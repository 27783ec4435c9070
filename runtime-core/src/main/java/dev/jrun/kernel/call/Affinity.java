// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Syscall;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * The processors that a thread may run on. A set of them holds the processors' numbers.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html">sched_setaffinity(2)</a>
 */
public final class Affinity {

    /**
     * The most processors that a kernel is built for, CONFIG_NR_CPUS: eight times what the C library's cpu_set_t has
     * room for. The kernel refuses to fill a mask that is too small for it, and takes processors that a mask has no
     * room for as excluded.
     */
    public static final int PROCESSORS = 8192;

    private static final int SIZE = PROCESSORS / Byte.SIZE;

    private Affinity() {}

    /** All processors there ever may be: no restriction. */
    public static BitSet any() {
        var all = new BitSet(PROCESSORS);
        all.set(0, PROCESSORS);
        return all;
    }

    /** The processor that this thread runs on at the moment; getcpu(2). */
    public static int processor() throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer processor = memory.allocate(Integer.BYTES);
            LinuxCalls.check("getcpu", LinuxCalls.call(Syscall.GETCPU, LinuxMemory.address(processor), 0, 0));
            return processor.getInt(0);
        }
    }

    /**
     * The processors that a thread may run on and that exist.
     *
     * @param pid of the thread; 0: this one
     * @throws LinuxException ESRCH without such a thread
     */
    public static BitSet of(int pid) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            ByteBuffer mask = memory.allocate(SIZE);
            long address = LinuxMemory.address(mask);
            LinuxCalls.check("sched_getaffinity", LinuxCalls.call(Syscall.SCHED_GETAFFINITY, pid, SIZE, address));
            return BitSet.valueOf(mask);
        }
    }

    /**
     * Keeps a thread on {@code processors}.
     *
     * @param pid of the thread; 0: this one
     * @throws LinuxException EINVAL if it may run on none of them, EPERM if it is another user's
     */
    public static void set(int pid, BitSet processors) throws LinuxException {
        try (LinuxMemory memory = new LinuxMemory()) {
            long address = LinuxMemory.address(memory.copyOf(mask(processors)));
            LinuxCalls.check("sched_setaffinity", LinuxCalls.call(Syscall.SCHED_SETAFFINITY, pid, SIZE, address));
        }
    }

    /** What sched_setaffinity(2) takes, on machines that are little-endian. */
    public static byte[] mask(BitSet processors) {
        byte[] mask = new byte[SIZE];
        byte[] set = processors.toByteArray();
        System.arraycopy(set, 0, mask, 0, set.length);
        return mask;
    }
}
