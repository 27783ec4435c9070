// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Flags of clone3(2), unshare(2) and setns(2), and how the first takes its arguments ({@code linux/sched.h}). */
public final class CloneFlags {
    public static final long CLONE_NEWTIME = 0x80;
    public static final long CLONE_PIDFD = 0x1000;
    public static final long CLONE_PARENT = 0x8000;
    public static final long CLONE_NEWNS = 0x20000;
    public static final long CLONE_NEWCGROUP = 0x2000000;
    public static final long CLONE_NEWUTS = 0x4000000;
    public static final long CLONE_NEWIPC = 0x8000000;
    public static final long CLONE_NEWUSER = 0x10000000;
    public static final long CLONE_NEWPID = 0x20000000;
    public static final long CLONE_NEWNET = 0x40000000;
    public static final long CLONE_CLEAR_SIGHAND = 0x100000000L;
    public static final long CLONE_INTO_CGROUP = 0x200000000L;

    /** Bytes of a {@code struct clone_args} with the {@code cgroup} field of Linux 5.7. */
    public static final int CLONE_ARGS_SIZE = 88;

    /** Where its fields are, in bytes. */
    public static final int CLONE_ARGS_FLAGS = 0;

    public static final int CLONE_ARGS_EXIT_SIGNAL = 32;
    public static final int CLONE_ARGS_CGROUP = 80;

    private CloneFlags() {}
}
