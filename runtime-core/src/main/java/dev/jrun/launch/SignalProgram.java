// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.part.InterruptibleWait;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.ProcessHold;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;

/** Programs that send a signal to one process with the caller's rights. {@link GroupSignal} is for several. */
public final class SignalProgram {

    private SignalProgram() {}

    /**
     * Takes hold of a process, reports {@link Tag#HELD} for the engine to make sure that it is the one that is meant,
     * and when the engine answers sends it a signal. A process that does not exist ends the program without a report.
     */
    public static Program toInit(long pid, Signal signal, KernelCalls kernel) {
        Assembler asm = new Assembler();
        Label end = asm.label("end");
        holdAndSend(asm, pid, signal, ProcessHold.of(asm, pid, asm.register("process"), kernel), end);
        asm.place(end);
        asm.end();
        return asm.assemble();
    }

    /** Whether {@link #killAndWait} works; who uses {@link #toInit} in its place has to wait by itself. */
    public static boolean canWait(KernelCalls kernel) {
        return kernel.has(NewerCall.PIDFD_OPEN, NewerCall.PIDFD_SEND_SIGNAL);
    }

    /**
     * As {@link #toInit}, with SIGKILL, and waits for the process's end, which takes a pidfd.
     *
     * @param milliseconds how long at most; the program fails with ETIMEDOUT after
     */
    public static Program killAndWait(long pid, int milliseconds) {
        Assembler asm = new Assembler();
        Register process = asm.register("process");
        Register ready = asm.register("ready");
        Label end = asm.label("end");
        holdAndSend(asm, pid, Signal.KILL, new ProcessHold.Descriptor(asm, pid, process), end);
        asm.source(Source.runtime("wait for the end of process " + pid));
        Address timeout = asm.bytes(Struct.ofLongs(milliseconds / 1000, milliseconds % 1000 * 1_000_000L));
        InterruptibleWait.atMost(asm, process, timeout).into(ready);
        asm.branch(ready, Condition.NOT_EQUAL, value(0), end);
        asm.fail(Errno.ETIMEDOUT);
        asm.place(end);
        asm.end();
        return asm.assemble();
    }

    private static void holdAndSend(Assembler asm, long pid, Signal signal, ProcessHold process, Label gone) {
        asm.source(Source.runtime("find process " + pid));
        process.take(gone);
        asm.ask(Tag.HELD.ordinal());
        asm.source(Source.runtime("send " + signal.signalName() + " to process " + pid));
        process.send(signal);
    }
}
