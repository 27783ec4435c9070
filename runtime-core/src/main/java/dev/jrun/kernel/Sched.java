// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Policies and flags of sched_setattr(2) ({@code linux/sched.h}). */
public final class Sched {
    public static final long SCHED_OTHER = 0;
    public static final long SCHED_FIFO = 1;
    public static final long SCHED_RR = 2;
    public static final long SCHED_BATCH = 3;
    /** Reserved: no kernel has it. */
    public static final long SCHED_ISO = 4;

    public static final long SCHED_IDLE = 5;
    public static final long SCHED_DEADLINE = 6;
    public static final long SCHED_FLAG_RESET_ON_FORK = 1;
    public static final long SCHED_FLAG_RECLAIM = 2;
    public static final long SCHED_FLAG_DL_OVERRUN = 4;
    public static final long SCHED_FLAG_KEEP_POLICY = 8;
    public static final long SCHED_FLAG_KEEP_PARAMS = 0x10;
    public static final long SCHED_FLAG_UTIL_CLAMP_MIN = 0x20;
    public static final long SCHED_FLAG_UTIL_CLAMP_MAX = 0x40;

    private Sched() {}
}
