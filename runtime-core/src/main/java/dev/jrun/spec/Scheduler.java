// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;

/**
 * Scheduling of a process, sched_setattr(2).
 *
 * @param nice −20…19
 * @param priority static priority, only for {@code SCHED_FIFO} and {@code SCHED_RR}, else 0
 * @param runtime nanoseconds, not negative; only for {@code SCHED_DEADLINE}, else 0
 * @param deadline nanoseconds, as {@code runtime}
 * @param period nanoseconds, as {@code runtime}
 */
public record Scheduler(
        Policy policy, int nice, int priority, List<Flag> flags, long runtime, long deadline, long period) {
    public Scheduler {
        flags = List.copyOf(flags);
    }

    /** Scheduling policies, sched(7). */
    public enum Policy {
        SCHED_OTHER,
        SCHED_FIFO,
        SCHED_RR,
        SCHED_BATCH,
        SCHED_ISO,
        SCHED_IDLE,
        SCHED_DEADLINE
    }

    /** {@code sched_flags} of sched_setattr(2). */
    public enum Flag {
        SCHED_FLAG_RESET_ON_FORK,
        SCHED_FLAG_RECLAIM,
        SCHED_FLAG_DL_OVERRUN,
        SCHED_FLAG_KEEP_POLICY,
        SCHED_FLAG_KEEP_PARAMS,
        SCHED_FLAG_UTIL_CLAMP_MIN,
        SCHED_FLAG_UTIL_CLAMP_MAX
    }
}
