// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.call.Affinity;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Source;

/**
 * Lets a process run on any processor, sched_setaffinity(2): the kernel takes those that are there and in its cgroup.
 */
public final class AffinityReset {

    private AffinityReset() {}

    /**
     * The shim, which the engine had woken on another than its own.
     *
     * @param waking where it was woken
     */
    public static void assemble(Assembler asm, WakeupAffinity waking) {
        if (waking == WakeupAffinity.ANYWHERE) {
            return;
        }
        asm.source(Source.runtime("run on any processor, having been woken on another than the engine's"));
        call(asm);
    }

    /**
     * Init, once it is in its cgroup: what its caller is restricted to, as a systemd service may be, is not the
     * container's. Where a filter around jrun forbids the call (ENOSYS, EPERM), it stays.
     */
    public static void ofCgroup(Assembler asm) {
        asm.source(Source.runtime("run on every processor that the cgroup has"));
        call(asm).ignore(Errno.ENOSYS, Errno.EPERM);
    }

    private static Assembler.Added call(Assembler asm) {
        byte[] mask = Affinity.mask(Affinity.any());
        Address place = asm.bytes(mask);
        return asm.call(Syscall.SCHED_SETAFFINITY, value(0), value(mask.length), place);
    }
}
