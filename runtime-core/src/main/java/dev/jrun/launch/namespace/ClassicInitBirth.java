// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/**
 * With clone(2). The order of arguments after the flags differs between architectures, but all are 0. The shim handles
 * no signals, so there are no handlers that clone3(2) would have to clear.
 */
final class ClassicInitBirth implements InitBirth {

    private static final Operand NONE = value(0);

    private final Assembler asm;

    ClassicInitBirth(Assembler asm) {
        this.asm = asm;
    }

    @Override
    public void fork(Register pid, long namespaces) {
        asm.call(Syscall.CLONE, value(namespaces | Signal.CHLD.number()), NONE, NONE, NONE, NONE)
                .into(pid);
    }

    @Override
    public boolean isIntoUnifiedCgroup() {
        return false;
    }
}
