// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Source;

/**
 * Whether others may look into a process of jrun's: read its memory, trace it, or open what it has open, its root or its namespaces
 * through /proc. PR_SET_DUMPABLE of prctl(2).
 *
 * <p>A child is born with what its parent has (it is a property of the memory that fork(2) copies), so the shim hides itself before it
 * makes any process. One in a new user namespace could else be looked into by whoever has the user id of the shim, even without any
 * capability: to the kernel that is the owner of the namespace, who has all capabilities in it, user_namespaces(7). It has the host's
 * root directory then. A change of the user, or of capabilities, sets it to fs.suid_dumpable of proc(5).
 */
final class Concealment {

    private Concealment() {}

    static void ofShim(Assembler asm) {
        asm.source(Source.runtime("hide the shim, and with it what it makes, until a program runs"));
        set(asm, 0);
    }

    static void ofInit(Assembler asm) {
        asm.source(Source.runtime("hide init from the container until its executable runs"));
        set(asm, 0);
    }

    /** Lifts it. */
    static void end(Assembler asm) {
        set(asm, 1);
    }

    private static void set(Assembler asm, long dumpable) {
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_DUMPABLE), value(dumpable), value(0), value(0), value(0));
    }
}
