// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Program;
import dev.jrun.program.Report;

/**
 * A program that finds out which system calls there are, and may do more after.
 *
 * @param program reports {@link Tag#KERNEL} before anything else
 * @param probe what of it is the probe
 */
public record ProbeProgram(Program program, KernelProbe probe) {

    /** One that does nothing else. */
    public static ProbeProgram alone() {
        Assembler asm = new Assembler();
        asm.retryable();
        KernelProbe probe = new KernelProbe(asm);
        probe.assemble();
        asm.end();
        return new ProbeProgram(asm.assemble(), probe);
    }

    /** What the program's {@link Tag#KERNEL} says. */
    public KernelCalls result(Report.Yielded report) {
        return probe.result(report);
    }
}
