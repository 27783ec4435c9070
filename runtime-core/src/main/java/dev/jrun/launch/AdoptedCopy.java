// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.DescriptorClosing;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Label;
import dev.jrun.program.Register;
import dev.jrun.program.Source;

/**
 * Has the shim execute its sealed copy where it stands, which takes the kernel half of what execve(2) does. Where that
 * is not possible, the program goes on behind it with the shim as it was.
 */
final class AdoptedCopy {

    private static final String NAME = "jrun";

    private final Assembler asm;
    private final DescriptorClosing descriptors;
    private final long first;

    /** @param first the lowest descriptor that the container is not to inherit */
    AdoptedCopy(Assembler asm, DescriptorClosing descriptors, long first) {
        this.asm = asm;
        this.descriptors = descriptors;
        this.first = first;
    }

    /** Whether descriptors can be closed all but one without /proc. On older kernels execve(2) closes them. */
    static boolean isPossible(KernelCalls kernel) {
        return DescriptorClosing.isByRange(kernel);
    }

    void assemble(Register copy) {
        Label execute = asm.label("execute the copy");
        asm.source(Source.runtime("go on as the sealed copy of the shim, where it stands"));
        try (var _ = asm.scope()) {
            Register error = asm.register("error");
            asm.adopt(error, copy);
            asm.branch(error, Condition.NOT_EQUAL, value(0), execute);
        }
        closeAllButSession();
        asm.source(Source.runtime("note that the shim is sealed for this call"));
        asm.call(Syscall.PRCTL, value(Prctl.PR_SET_NAME), asm.string(NAME), value(0), value(0), value(0));
        asm.ready();
        asm.place(execute);
    }

    /** What the caller leaked is closed before anything of the container exists (CVE-2024-21626). */
    private void closeAllButSession() {
        asm.source(Source.runtime("close every descriptor that the container is not to inherit"));
        try (var _ = asm.scope()) {
            Register neighbour = asm.register("neighbour");
            try (var _ = asm.when(Register.SESSION, Condition.NOT_EQUAL, value(first), "none is below")) {
                asm.compute(neighbour, Register.SESSION, Operation.SUBTRACT, value(1));
                asm.call(Syscall.CLOSE_RANGE, value(first), neighbour, value(0));
            }
            asm.compute(neighbour, Register.SESSION, Operation.ADD, value(1));
            descriptors.close(neighbour);
        }
    }
}
