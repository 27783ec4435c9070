// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Persona;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.spec.Linux.Personality;

/** {@code linux.personality}, personality(2). Flags that the caller had are given up. */
public final class ExecutionDomain {

    private ExecutionDomain() {}

    public static void assemble(Assembler asm, Personality personality) {
        asm.source("/linux/personality", "set the execution domain " + personality.domain());
        long domain = switch (personality.domain()) {
            case LINUX -> Persona.PER_LINUX;
            case LINUX32 -> Persona.PER_LINUX32;
        };
        asm.call(Syscall.PERSONALITY, value(domain));
    }
}
