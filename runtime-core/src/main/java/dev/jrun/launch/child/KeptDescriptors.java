// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.child;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors that the shim opens for init, which keeps them until its executable runs. Init moves them to the
 * numbers right behind those that the container inherits: so one number separates all that it keeps from all that it
 * opens itself, and once the rest is closed, no descriptor of the host's is left below.
 */
public final class KeptDescriptors {

    /** The first descriptor that is none of the standard streams. */
    public static final int AFTER_STANDARD_STREAMS = 3;

    private final Assembler asm;
    private final int first;
    private final List<Register> kept = new ArrayList<>();

    /** @param preserved how many descriptors from 3 on the container inherits */
    public KeptDescriptors(Assembler asm, int preserved) {
        this.asm = asm;
        this.first = AFTER_STANDARD_STREAMS + preserved;
    }

    /**
     * Keeps what the shim has just opened, with the lowest number that was free. It closes none before init is born, so
     * those that are kept have ascending numbers.
     */
    public void add(Register descriptor) {
        kept.add(descriptor);
    }

    /**
     * In init, as soon as it has closed what is the shim's alone: moves them, each to a number that no later one can
     * have.
     *
     * @param reporter has the number of the first of them, and gets its new one
     */
    public void gather(Register reporter) {
        asm.source(Source.runtime("gather the descriptors that init keeps"));
        for (int i = 0; i < kept.size(); i++) {
            Register descriptor = kept.get(i);
            Operand place = value(first + i);
            Label there = asm.label("there already");
            // EINVAL: it has that number.
            asm.call(Syscall.DUP3, descriptor, place, value(OpenFlags.O_CLOEXEC))
                    .on(there, Errno.EINVAL);
            asm.call(Syscall.CLOSE, descriptor);
            asm.move(descriptor, place);
            if (i == 0) {
                asm.move(reporter, place);
            }
            asm.place(there);
        }
    }

    /** The number of the first of them, once they are gathered. */
    public int first() {
        return first;
    }

    /** The first number behind them, once they are gathered. */
    public Operand end() {
        return value(first + kept.size());
    }
}
