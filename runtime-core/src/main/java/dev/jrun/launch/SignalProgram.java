// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.Collection;

/** Programs that send signals with the caller's rights. */
public final class SignalProgram {

    private static final short POLLIN = 1;
    private static final int SIGNAL_SET_SIZE = 8;

    private SignalProgram() {}

    /** Sends a signal to each process that still exists. */
    public static Program toEach(Collection<Integer> pids, Signal signal) {
        Assembler asm = new Assembler();
        for (int pid : pids) {
            asm.source(Source.runtime("send " + signal.signalName() + " to process " + pid));
            asm.call(Syscall.KILL, value(pid), value(signal.number())).ignore(Errno.ESRCH);
        }
        asm.end();
        return asm.assemble();
    }

    /**
     * Takes hold of a process, reports {@link Tag#HELD} for the engine to make sure that it is the one that is meant, and
     * when the engine answers sends it a signal. A process that does not exist ends the program without a report.
     */
    public static Program toInit(long pid, Signal signal) {
        Assembler asm = new Assembler();
        Register process = asm.register("process");
        Label end = asm.label("end");
        hold(asm, pid, process, end);
        send(asm, pid, signal, process);
        asm.place(end);
        asm.end();
        return asm.assemble();
    }

    /**
     * As {@link #toInit}, with SIGKILL, and waits for the process's end.
     *
     * @param milliseconds how long at most; the program fails with ETIMEDOUT after
     */
    public static Program killAndWait(long pid, int milliseconds) {
        Assembler asm = new Assembler();
        Register process = asm.register("process");
        Register ready = asm.register("ready");
        Label end = asm.label("end");
        hold(asm, pid, process, end);
        send(asm, pid, Signal.KILL, process);
        asm.source(Source.runtime("wait for the end of process " + pid));
        Address poll = asm.bytes(Struct.ofInts(0, POLLIN));
        Address timeout = asm.bytes(Struct.ofLongs(milliseconds / 1000, milliseconds % 1000 * 1_000_000L));
        asm.store(Width.INT, poll, process);
        asm.call(Syscall.PPOLL, poll, value(1), timeout, value(0), value(SIGNAL_SET_SIZE))
                .into(ready);
        asm.branch(ready, Condition.NOT_EQUAL, value(0), end);
        asm.fail(Errno.ETIMEDOUT);
        asm.place(end);
        asm.end();
        return asm.assemble();
    }

    /** A pidfd names one process, however often its pid is used again; pidfd_open(2). */
    private static void hold(Assembler asm, long pid, Register process, Label gone) {
        asm.source(Source.runtime("find process " + pid));
        asm.call(Syscall.PIDFD_OPEN, value(pid), value(0)).into(process).on(gone, Errno.ESRCH);
        asm.ask(Tag.HELD.ordinal());
    }

    private static void send(Assembler asm, long pid, Signal signal, Register process) {
        asm.source(Source.runtime("send " + signal.signalName() + " to process " + pid));
        asm.call(Syscall.PIDFD_SEND_SIGNAL, process, value(signal.number()), value(0), value(0))
                .ignore(Errno.ESRCH);
    }
}
