// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.child.Lifeline;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/**
 * In the shim: a process that does nothing. systemd starts no unit without a process, and takes an empty unit for
 * ended. Init is to be born in the unit's cgroup, so that it never was anywhere else, and in its namespaces. Until
 * then, this process is there. It ends with the shim.
 */
public final class PlaceHolder {

    private final Assembler asm;
    private final Register pid;

    public PlaceHolder(Assembler asm) {
        this.asm = asm;
        this.pid = asm.register("place holder");
    }

    public void start() {
        asm.source("/linux/cgroupsPath", "start a process that systemd's unit is to begin with");
        try (var _ = asm.scope()) {
            Register shim = asm.register("shim");
            asm.call(Syscall.GETPID).into(shim);
            asm.call(Syscall.CLONE, value(Signal.CHLD.number()), value(0), value(0), value(0), value(0))
                    .into(pid);
            try (var _ = asm.when(pid, Condition.EQUAL, value(0), "in the shim")) {
                stay(shim);
            }
        }
    }

    /** Tells the engine its pid, and waits until there is a unit. */
    public void report() {
        asm.ask(Tag.PLACE_HELD.ordinal(), pid);
    }

    /** Until a signal ends it. */
    private void stay(Register shim) {
        Label over = asm.label("over");
        try (var _ = asm.aside()) {
            asm.onFail(over);
            Lifeline.tieToParent(asm, shim, over);
            SignalMask.clear(asm).ignoreErrors();
            Label wait = asm.label("stay");
            asm.place(wait);
            asm.call(Syscall.PPOLL, value(0), value(0), value(0), value(0), value(0))
                    .ignoreErrors();
            asm.go(wait);
            asm.place(over);
            asm.exit(0);
        }
    }

    /** Makes sure that it is gone. */
    public void end() {
        try (var _ = asm.when(pid, Condition.NOT_EQUAL, value(0), "nobody holds the place")) {
            asm.call(Syscall.KILL, pid, value(Signal.KILL.number())).ignoreErrors();
            asm.call(Syscall.WAIT4, pid, value(0), value(0), value(0)).ignoreErrors();
            asm.move(pid, value(0));
        }
    }
}
