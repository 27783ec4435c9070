// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.WaitFlags;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;

/** In the shim: the process that it makes, which becomes the container's. */
public final class Child {

    private final Assembler asm;
    private final KernelCalls kernel;
    private final Register pid;
    private final Register status;
    private final Address waitStatus;

    public Child(Assembler asm, KernelCalls kernel) {
        this.asm = asm;
        this.kernel = kernel;
        this.pid = asm.register("pid");
        this.status = asm.register("status");
        this.waitStatus = asm.space(Integer.BYTES);
    }

    /** Its pid, as the caller's pid namespace has it; 0 if there is none, or none any more. */
    public Register pid() {
        return pid;
    }

    /** Its wait status once it has ended, wait(2). */
    public Register status() {
        return status;
    }

    /** Makes sure that it is gone. Once it was waited for, its pid may be anybody's. */
    public void end() {
        try (var _ = asm.when(pid, Condition.NOT_EQUAL, value(0), "no init, or none any more")) {
            asm.call(Syscall.KILL, pid, value(Signal.KILL.number())).ignoreErrors();
            await();
            asm.move(pid, value(0));
            asm.load(status, Width.INT, waitStatus);
        }
    }

    /**
     * Waits until it has ended, or a signal ends the shim: one that is frozen may take its time, and of one that
     * another process traces wait(2) tells nothing until that lets go. It is left to whoever adopts it then. Without
     * pidfds the shim waits for these, too.
     */
    public void await() {
        if (!kernel.has(NewerCall.PIDFD_OPEN)) {
            collect(value(0));
            return;
        }
        try (var _ = asm.scope()) {
            Register descriptor = asm.register("pidfd");
            Register options = asm.register("wait options");
            Label wait = asm.label("wait for its end");
            asm.move(options, value(0));
            asm.call(Syscall.PIDFD_OPEN, pid, value(0)).into(descriptor).onError(wait);
            InterruptibleWait.assemble(asm, descriptor).ignoreErrors();
            asm.call(Syscall.CLOSE, descriptor).ignoreErrors();
            asm.move(options, value(WaitFlags.WNOHANG));
            asm.place(wait);
            collect(options);
        }
    }

    private void collect(Operand options) {
        asm.call(Syscall.WAIT4, pid, waitStatus, options, value(0)).ignoreErrors();
    }

    /** {@code code =} what a shell's would be: WTERMSIG and WEXITSTATUS of wait(2); runc, too, reports 128 + signal. */
    public void loadExitCode(Register code) {
        try (var _ = asm.scope()) {
            Register signal = asm.register("signal");
            asm.compute(code, status, Operation.SHIFT_RIGHT, value(WaitStatus.EXIT_CODE_SHIFT));
            asm.compute(signal, status, Operation.AND, value(WaitStatus.SIGNAL_MASK));
            try (var _ = asm.when(signal, Condition.NOT_EQUAL, value(0), "exited")) {
                asm.compute(code, signal, Operation.ADD, value(WaitStatus.SIGNAL_BASE));
            }
        }
    }
}
