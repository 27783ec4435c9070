// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static dev.jrun.program.Operand.value;

import dev.jrun.launch.part.Tag;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Source;

/**
 * The program of {@code start} once the container's executable runs: it waits until the container is ready. It reports
 * {@link Tag#DONE}, and the shim ends, even if the engine is lost, which is no longer needed.
 */
public final class ReadyProgram {

    private ReadyProgram() {}

    /**
     * The program.
     *
     * @param socket the descriptor of the shim's {@link NotifySocket}
     * @param process the descriptor of a pidfd of the container's first process
     * @param pid its pid
     */
    public static Program of(ServiceManager manager, long socket, long process, long pid) {
        Assembler asm = new Assembler();
        Label over = asm.label("over");
        Label told = asm.label("told");
        asm.onFail(over);
        new ReadyWait(asm, manager).await(value(socket), value(process), value(pid));
        asm.place(over);
        asm.source(Source.runtime("end"));
        asm.onFail(told);
        asm.tell(Tag.DONE.ordinal());
        asm.place(told);
        asm.exit(0);
        return asm.assemble();
    }
}
