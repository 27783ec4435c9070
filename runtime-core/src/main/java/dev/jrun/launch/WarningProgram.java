// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static dev.jrun.program.Operand.value;

import dev.jrun.json.Printable;
import dev.jrun.launch.part.CompleteWrite;
import dev.jrun.launch.part.SignalMask;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The program that says on standard error what does not keep a container from being made. */
public final class WarningProgram {

    private static final int STANDARD_ERROR = 2;

    private WarningProgram() {}

    /** One line for each; who cannot be told is not stopped either. */
    public static Program of(List<String> warnings) {
        Assembler asm = new Assembler();
        Label untold = asm.label("nobody can be told");
        asm.source(Source.runtime("warn"));
        SignalMask.letEnd(asm);
        asm.onFail(untold);
        for (String warning : warnings) {
            CompleteWrite.assemble(asm, value(STANDARD_ERROR), line(warning).getBytes(StandardCharsets.UTF_8));
        }
        asm.place(untold);
        asm.onFailEnd();
        SignalMask.hold(asm);
        asm.end();
        return asm.assemble();
    }

    /** As standard error has it. Parts of a warning may come from a file or directory that is anybody's. */
    public static String line(String warning) {
        return "jrun: warning: " + Printable.ofLines(warning) + "\n";
    }
}
