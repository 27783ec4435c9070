// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.AffinityReset;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Struct;
import dev.jrun.spec.NumberList;
import dev.jrun.spec.Process.ExecCpuAffinity;

/**
 * {@code process.execCPUAffinity}: on which CPUs a process runs while it is made a part of a container, and from then
 * on. sched_setaffinity(2).
 */
public final class ExecAffinity {

    private final Assembler asm;
    private final ExecCpuAffinity affinity;

    public ExecAffinity(Assembler asm, ExecCpuAffinity affinity) {
        this.asm = asm;
        this.affinity = affinity;
    }

    /** In the shim, which the process has it from. */
    public void begin() {
        affinity.initialCPUs().ifPresent(list -> set("initial", list));
    }

    /**
     * In the process, when it is in the container's cgroup. Where nothing is said, what its caller is restricted to is
     * not the container's.
     */
    public void finish() {
        affinity.finalCPUs().ifPresent(list -> set("final", list));
        if (affinity.isEmpty()) {
            AffinityReset.ofCgroup(asm);
        }
    }

    private void set(String member, String list) {
        long[] words = NumberList.of(list).words();
        Address mask = asm.bytes(Struct.ofLongs(words));
        asm.source("/process/execCPUAffinity/" + member, "run on the CPUs " + list);
        asm.call(Syscall.SCHED_SETAFFINITY, value(0), value((long) words.length * Long.BYTES), mask);
    }
}
