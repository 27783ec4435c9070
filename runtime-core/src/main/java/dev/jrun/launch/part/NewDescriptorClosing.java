// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.FileControl;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;

/** With close_range(2). */
final class NewDescriptorClosing implements DescriptorClosing {

    private static final Operand LAST = value(0xFFFF_FFFFL);

    private final Assembler asm;

    NewDescriptorClosing(Assembler asm) {
        this.asm = asm;
    }

    @Override
    public void prepare() {}

    @Override
    public void close(Operand first) {
        asm.call(Syscall.CLOSE_RANGE, first, LAST, value(0));
    }

    @Override
    public void closeOnExec(Operand first) {
        asm.call(Syscall.CLOSE_RANGE, first, LAST, value(FileControl.CLOSE_RANGE_CLOEXEC));
    }
}
