// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.container.launch.WarningWriter;
import dev.jrun.engine.OutputProgram;
import dev.jrun.program.Program;
import java.time.Instant;
import java.util.List;

/** Warnings in the log file that the caller names by {@code --log}, as runc writes them. */
record WarningLog(GlobalOptions global) implements WarningWriter {

    /** For callers that want none. */
    private static final WarningWriter SILENCE = warnings -> new OutputProgram().interlude();

    /** Where the warnings of a call belong. */
    static WarningWriter of(GlobalOptions global) {
        if (!global.warns()) {
            return SILENCE;
        }
        return global.log().isEmpty() ? WarningWriter.STANDARD_ERROR : new WarningLog(global);
    }

    @Override
    public Program program(List<String> warnings) {
        var output = new OutputProgram();
        for (String warning : warnings) {
            output.log(global.log(), global.logged("warning", warning, Instant.now()));
        }
        return output.interlude();
    }
}
