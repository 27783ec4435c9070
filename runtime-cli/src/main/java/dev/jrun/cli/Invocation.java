// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.Call;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.Farewell;
import dev.jrun.program.Session;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * A command that is to be executed.
 *
 * @param call from whom
 * @param global what stood before its name
 * @param parsed what stood behind it
 * @param output collects what is printed when the command is over
 */
record Invocation(
        Call call, Session session, EngineControl engine, GlobalOptions global, ParseResult parsed, Farewell output) {

    boolean isSet(String option) {
        return Options.isSet(parsed, option);
    }

    String option(String name, String otherwise) {
        return Options.get(parsed, name, otherwise);
    }

    /** The arguments that are not options. */
    List<String> arguments() {
        return Options.arguments(parsed);
    }

    void print(String text) {
        output.print(text);
    }
}
