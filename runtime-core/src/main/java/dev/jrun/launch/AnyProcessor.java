// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Affinity;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Source;

/** Lets a shim run on any processor again, which the engine had woken on another than its own; sched_setaffinity(2). */
final class AnyProcessor {

    private AnyProcessor() {}

    /** @param waking where the shim was woken */
    static void assemble(Assembler asm, Waking waking) {
        if (waking == Waking.ANYWHERE) {
            return;
        }
        byte[] mask = Affinity.mask(Affinity.any());
        Address place = asm.bytes(mask);
        asm.source(Source.runtime("run on any processor, having been woken on another than the engine's"));
        asm.call(Syscall.SCHED_SETAFFINITY, value(0), value(mask.length), place);
    }
}
