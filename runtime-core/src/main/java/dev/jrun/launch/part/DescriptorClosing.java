// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import dev.jrun.kernel.NewerCall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;

/** How a process closes descriptors without knowing which ones it has. */
public sealed interface DescriptorClosing permits NewDescriptorClosing, ClassicDescriptorClosing {

    /** The best way there is. */
    static DescriptorClosing of(Assembler asm, KernelCalls kernel) {
        return isByRange(kernel) ? new NewDescriptorClosing(asm) : new ClassicDescriptorClosing(asm);
    }

    /** Whether the best way takes nothing of /proc, so that nothing has to be got ready. */
    static boolean isByRange(KernelCalls kernel) {
        return kernel.has(NewerCall.CLOSE_RANGE, NewerCall.CLOSE_RANGE_CLOEXEC);
    }

    /** Gets ready, while the host's /proc can be reached. */
    void prepare();

    /** Closes all from {@code first} on. */
    void close(Operand first);

    /** Has execve(2) close all from {@code first} on. */
    void closeOnExec(Operand first);
}
