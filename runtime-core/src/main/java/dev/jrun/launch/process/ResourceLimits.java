// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.ResourceLimit;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Struct;
import dev.jrun.spec.Rlimit;
import java.util.List;

/** {@code process.rlimits}, prlimit(2). */
public final class ResourceLimits {

    private ResourceLimits() {}

    /**
     * Sets the limits of the process itself.
     *
     * @param descriptors the lowest limit of descriptors with which it can go on: of a lower one it would die when
     *     nobody waits for it any more
     */
    public static void assemble(Assembler asm, List<Rlimit> limits, int descriptors) {
        for (int i = 0; i < limits.size(); i++) {
            set(asm, limits.get(i), i, descriptors);
        }
    }

    /** As {@link #assemble}, for a process that still has to make another as the user whose processes are limited. */
    static void assembleButProcesses(Assembler asm, List<Rlimit> limits, int descriptors) {
        for (int i = 0; i < limits.size(); i++) {
            if (!limitsProcesses(limits.get(i))) {
                set(asm, limits.get(i), i, descriptors);
            }
        }
    }

    /**
     * Has the process that is made next be able to {@linkplain #assembleProcesses set} what it may not raise any more.
     */
    static void allowProcesses(Assembler asm, List<Rlimit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            if (limitsProcesses(limits.get(i))) {
                raise(asm, limits.get(i), i, value(0));
            }
        }
    }

    /** Sets what {@link #assembleButProcesses} has left. */
    static void assembleProcesses(Assembler asm, List<Rlimit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            if (limitsProcesses(limits.get(i))) {
                set(asm, limits.get(i), i, 0);
            }
        }
    }

    private static boolean limitsProcesses(Rlimit limit) {
        return limit.type() == ResourceLimit.RLIMIT_NPROC;
    }

    private static void set(Assembler asm, Rlimit limit, int index, int descriptors) {
        asm.source("/process/rlimits/" + index, "set " + limit.type() + " to " + describe(limit));
        Address bounds = asm.bytes(Struct.ofLongs(limit.soft(), limit.hard()));
        int resource = limit.type().ordinal();
        asm.call(Syscall.PRLIMIT64, value(0), value(resource), bounds, value(0));
        if (limit.type() == ResourceLimit.RLIMIT_NOFILE && Long.compareUnsigned(limit.soft(), descriptors) < 0) {
            asm.source(
                    "/process/rlimits/" + index,
                    "set " + limit.type() + " to " + describe(limit) + ", but init takes " + descriptors
                            + " until its program runs");
            asm.fail(Errno.EMFILE);
        }
    }

    /**
     * Raises the hard limits of another process where they are lower than what it is to set: a process in a user
     * namespace may only lower its own.
     */
    public static void raise(Assembler asm, List<Rlimit> limits, Register pid) {
        for (int i = 0; i < limits.size(); i++) {
            raise(asm, limits.get(i), i, pid);
        }
    }

    private static void raise(Assembler asm, Rlimit limit, int index, Operand pid) {
        try (var _ = asm.scope()) {
            Register present = asm.register("present limit");
            Address bounds = asm.space(2 * Long.BYTES);
            Address hard = bounds.plus(Long.BYTES);
            int resource = limit.type().ordinal();
            asm.source("/process/rlimits/" + index, "allow " + limit.type() + " of " + describe(limit));
            asm.call(Syscall.PRLIMIT64, pid, value(resource), value(0), bounds);
            asm.load(present, Width.LONG, hard);
            // Limits are unsigned and comparisons signed.
            asm.compute(present, present, Operation.ADD, value(Long.MIN_VALUE));
            try (var _ = asm.when(present, Condition.LESS, value(limit.hard() + Long.MIN_VALUE), "high enough")) {
                asm.store(Width.LONG, hard, value(limit.hard()));
                asm.call(Syscall.PRLIMIT64, pid, value(resource), bounds, value(0));
            }
        }
    }

    private static String describe(Rlimit limit) {
        return Long.toUnsignedString(limit.soft()) + ":" + Long.toUnsignedString(limit.hard());
    }
}
