// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Sched;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.Scheduler;
import java.util.List;

/**
 * {@code process.scheduler}, sched_setattr(2). It comes before capabilities are dropped, since most of it takes
 * CAP_SYS_NICE, and after the resource limits, which decide for those who lack that.
 */
final class SchedulingPolicy {

    /** {@code struct sched_attr} with the utilization clamps of Linux 5.3. */
    private static final int SCHED_ATTR_SIZE = 56;

    private SchedulingPolicy() {}

    /** Sets it for the process itself. */
    static void assemble(Assembler asm, Scheduler scheduler) {
        asm.source("/process/scheduler", "schedule by " + scheduler.policy());
        asm.call(Syscall.SCHED_SETATTR, value(0), attributes(asm, scheduler), value(0));
    }

    /** Whether a process without CAP_SYS_NICE may not even set what it has already. */
    static boolean takesPrivilege(Scheduler scheduler) {
        return scheduler.policy() == Scheduler.Policy.SCHED_DEADLINE;
    }

    /**
     * Sets it for another process, which then may set the same itself if it does not {@linkplain #takesPrivilege take a
     * privilege}. Who lacks CAP_SYS_NICE leaves that to it: its RLIMIT_NICE and RLIMIT_RTPRIO may allow it, and less
     * than the present takes nothing.
     */
    static void grant(Assembler asm, Scheduler scheduler, Register pid) {
        asm.source("/process/scheduler", "allow to schedule by " + scheduler.policy());
        Assembler.Added call = asm.call(Syscall.SCHED_SETATTR, pid, attributes(asm, scheduler), value(0));
        if (!takesPrivilege(scheduler)) {
            call.ignore(Errno.EPERM);
        }
    }

    private static Address attributes(Assembler asm, Scheduler scheduler) {
        return asm.bytes(Struct.ofLongs(
                SCHED_ATTR_SIZE | policy(scheduler.policy()) << Integer.SIZE,
                flags(scheduler.flags()),
                Integer.toUnsignedLong(scheduler.nice()) | (long) scheduler.priority() << Integer.SIZE,
                scheduler.runtime(),
                scheduler.deadline(),
                scheduler.period(),
                0));
    }

    private static long policy(Scheduler.Policy policy) {
        return switch (policy) {
            case SCHED_OTHER -> Sched.SCHED_OTHER;
            case SCHED_FIFO -> Sched.SCHED_FIFO;
            case SCHED_RR -> Sched.SCHED_RR;
            case SCHED_BATCH -> Sched.SCHED_BATCH;
            case SCHED_ISO -> Sched.SCHED_ISO;
            case SCHED_IDLE -> Sched.SCHED_IDLE;
            case SCHED_DEADLINE -> Sched.SCHED_DEADLINE;
        };
    }

    private static long flags(List<Scheduler.Flag> flags) {
        long mask = 0;
        for (Scheduler.Flag flag : flags) {
            mask |= switch (flag) {
                case SCHED_FLAG_RESET_ON_FORK -> Sched.SCHED_FLAG_RESET_ON_FORK;
                case SCHED_FLAG_RECLAIM -> Sched.SCHED_FLAG_RECLAIM;
                case SCHED_FLAG_DL_OVERRUN -> Sched.SCHED_FLAG_DL_OVERRUN;
                case SCHED_FLAG_KEEP_POLICY -> Sched.SCHED_FLAG_KEEP_POLICY;
                case SCHED_FLAG_KEEP_PARAMS -> Sched.SCHED_FLAG_KEEP_PARAMS;
                case SCHED_FLAG_UTIL_CLAMP_MIN -> Sched.SCHED_FLAG_UTIL_CLAMP_MIN;
                case SCHED_FLAG_UTIL_CLAMP_MAX -> Sched.SCHED_FLAG_UTIL_CLAMP_MAX;
            };
        }
        return mask;
    }
}
