// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.CommandException;
import dev.jrun.engine.CallHandler.Task;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.OutputProgram;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** The answer to a call without a command: a text, or what is wrong with the global options. */
final class Answer implements Task {

    private final OutputProgram output = new OutputProgram();
    private final int code;

    Answer(String text) {
        output.print(text);
        this.code = 0;
    }

    Answer(CommandException e) {
        output.printError(e.report());
        this.code = e.exitCode();
    }

    @Override
    public void perform(Session session, EngineControl engine) throws SessionBrokenException {
        session.run(output.program(code));
    }
}
