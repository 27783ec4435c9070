// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Source;

/**
 * Whether others may inspect a process of jrun's: read its memory, trace it, or open what it has open, its root or its
 * namespaces through /proc. PR_SET_DUMPABLE of prctl(2).
 *
 * <p>A child inherits this from its parent (it is a property of the memory that fork(2) copies), so the shim hides
 * itself before it makes any process. One in a new user namespace could else be looked into by whoever has the user id
 * of the shim, even without any capability: to the kernel that is the owner of the namespace, who has all capabilities
 * in it, user_namespaces(7). It has the host's root directory then.
 *
 * <p>The kernel sets it to fs.suid_dumpable of proc(5) when effective ids change, or capabilities become more
 * (commit_creds() of kernel/cred.c), as they do in a user namespace that is another user's: so it is set anew right
 * after. A change of groups, and capabilities that become fewer, leave it.
 */
public final class Concealment {

    private Concealment() {}

    public static void ofShim(Assembler asm) {
        asm.source(Source.runtime("hide the shim, and with it what it makes, until a program runs"));
        set(asm, 0);
    }

    /**
     * Until execve(2) init is the host's shim: nobody in the container may trace it or open what it has open through
     * /proc (CVE-2019-5736, with the sealed copy that a shim goes on as). It is born hidden if the caller is root.
     * Another cannot map the ids of a process that is hidden, so in a new user namespace it comes after that: who looks
     * into it until then is that caller, and finds what the caller has. Among the processes of a pid namespace that was
     * joined it comes first.
     */
    public static void ofInit(Assembler asm) {
        asm.source(Source.runtime("hide init from the container until its executable runs"));
        set(asm, 0);
    }

    /** Lifts it. */
    public static void end(Assembler asm) {
        set(asm, 1);
    }

    private static void set(Assembler asm, long dumpable) {
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_DUMPABLE), value(dumpable), value(0), value(0), value(0));
    }
}
