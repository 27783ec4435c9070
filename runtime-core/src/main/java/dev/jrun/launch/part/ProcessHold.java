// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Register;

/** How a process is held from the moment that its identity is verified. */
public sealed interface ProcessHold {

    /** The best way there is. */
    static ProcessHold of(Assembler asm, long pid, Register process, KernelCalls kernel) {
        return kernel.has(NewerCall.PIDFD_OPEN, NewerCall.PIDFD_SEND_SIGNAL)
                ? new Descriptor(asm, pid, process)
                : new Pid(asm, pid, process);
    }

    /**
     * Takes hold of it, for which {@code process} stands then, not negative; goes to {@code gone} if it does not exist.
     */
    void take(Label gone);

    /** Sends it a signal, which does nothing if it has ended since. */
    void send(Signal signal);

    /** Lets go of it. */
    void release();

    /** By a pidfd, which names one process however often its pid is used again; pidfd_open(2). */
    record Descriptor(Assembler asm, long pid, Register process) implements ProcessHold {
        @Override
        public void take(Label gone) {
            asm.call(Syscall.PIDFD_OPEN, value(pid), value(0)).into(process).on(gone, Errno.ESRCH);
        }

        @Override
        public void send(Signal signal) {
            asm.call(Syscall.PIDFD_SEND_SIGNAL, process, value(signal.number()), value(0), value(0))
                    .ignore(Errno.ESRCH);
        }

        @Override
        public void release() {
            asm.call(Syscall.CLOSE, process);
        }
    }

    /**
     * By its pid, for want of anything better: it would have to end and all pids be used within microseconds. kill(2).
     */
    record Pid(Assembler asm, long pid, Register process) implements ProcessHold {
        @Override
        public void take(Label gone) {
            asm.call(Syscall.KILL, value(pid), value(0)).into(process).on(gone, Errno.ESRCH);
        }

        @Override
        public void send(Signal signal) {
            asm.call(Syscall.KILL, value(pid), value(signal.number())).ignore(Errno.ESRCH);
        }

        @Override
        public void release() {}
    }
}
