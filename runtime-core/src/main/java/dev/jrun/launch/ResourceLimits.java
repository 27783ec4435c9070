// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.ResourceLimit;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.spec.Rlimit;
import java.util.List;

/** {@code process.rlimits}, prlimit(2). */
final class ResourceLimits {

    private ResourceLimits() {}

    /** Sets the limits of the process itself. */
    static void assemble(Assembler asm, List<Rlimit> limits) {
        for (int i = 0; i < limits.size(); i++) {
            Rlimit limit = limits.get(i);
            asm.source("/process/rlimits/" + i, "set " + limit.type() + " to " + describe(limit));
            Address bounds = asm.bytes(Struct.ofLongs(limit.soft(), limit.hard()));
            int resource = ResourceLimit.valueOf(limit.type().name()).ordinal();
            asm.call(Syscall.PRLIMIT64, value(0), value(resource), bounds, value(0));
        }
    }

    private static String describe(Rlimit limit) {
        return Long.toUnsignedString(limit.soft()) + ":" + Long.toUnsignedString(limit.hard());
    }
}
