// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Signal;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.ProcessHold;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Patch;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import dev.jrun.program.Struct;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The program that sends a signal to several processes with the caller's rights. It holds all that exist, reports
 * {@link Tag#HELD} for the engine to verify them, and sends the signal to those that the answer {@linkplain #confirm
 * confirms}.
 */
public final class GroupSignal {

    private static final long NOT_HELD = -1;

    private final Assembler asm = new Assembler();
    private final List<Integer> pids;
    private final KernelCalls kernel;
    private final Address held;
    private final Address confirmed;
    private final Program program;

    public GroupSignal(List<Integer> pids, Signal signal, KernelCalls kernel) {
        this.pids = List.copyOf(pids);
        this.kernel = kernel;
        long[] none = new long[pids.size()];
        Arrays.fill(none, NOT_HELD);
        this.held = asm.bytes(Struct.ofLongs(none));
        this.confirmed = asm.space(pids.size());
        for (int i = 0; i < pids.size(); i++) {
            take(i);
        }
        asm.source(Source.runtime("make sure of the processes to signal"));
        asm.ask(Tag.HELD.ordinal());
        for (int i = 0; i < pids.size(); i++) {
            send(i, signal);
        }
        asm.end();
        this.program = asm.assemble();
    }

    public Program program() {
        return program;
    }

    /** The answer to {@link Tag#HELD}: which of the processes are still the ones that are meant. */
    public List<Patch> confirm(Set<Integer> members) {
        byte[] marks = new byte[pids.size()];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = (byte) (members.contains(pids.get(i)) ? 1 : 0);
        }
        return List.of(new Patch(program.offset(confirmed), marks));
    }

    private void take(int index) {
        try (var _ = asm.scope()) {
            Register process = asm.register("process");
            Label next = asm.label("next process");
            asm.source(Source.runtime("find process " + pids.get(index)));
            hold(index, process).take(next);
            asm.store(Width.LONG, held.plus(index * Long.BYTES), process);
            asm.place(next);
        }
    }

    private void send(int index, Signal signal) {
        try (var _ = asm.scope()) {
            Register process = asm.register("process");
            Register isMeant = asm.register("whether it is meant");
            Label release = asm.label("let go of it");
            ProcessHold hold = hold(index, process);
            asm.source(Source.runtime("send " + signal.signalName() + " to process " + pids.get(index)));
            asm.load(process, Width.LONG, held.plus(index * Long.BYTES));
            try (var _ = asm.when(process, Condition.NOT_EQUAL, value(NOT_HELD), "next process")) {
                asm.load(isMeant, Width.BYTE, confirmed.plus(index));
                asm.branch(isMeant, Condition.EQUAL, value(0), release);
                hold.send(signal);
                asm.place(release);
                hold.release();
            }
        }
    }

    private ProcessHold hold(int index, Register process) {
        return ProcessHold.of(asm, pids.get(index), process, kernel);
    }
}
