// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandContext;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.ParseResult;

/** What follows the global options. */
sealed interface Action {

    /**
     * Does it.
     *
     * @throws CommandException if it cannot be done; the shim awaits a program then
     */
    Outcome perform(CommandContext context) throws CommandException, SessionBrokenException;

    /** A command. Its model keeps what was parsed, and can be used again when {@code afterwards} has run. */
    record Execute(String name, Command command, ParseResult parsed, Runnable afterwards) implements Action {
        @Override
        public Outcome perform(CommandContext context) throws CommandException, SessionBrokenException {
            try {
                if (!command.onlyLooks()) {
                    context.host().checkProcesses(name);
                }
                return command.execute(new Invocation(name, context, parsed));
            } catch (ContainerException e) {
                throw command.failure(e.getMessage());
            } finally {
                afterwards.run();
            }
        }
    }

    /** A text that was asked for. */
    record Print(String text) implements Action {
        @Override
        public Outcome perform(CommandContext context) {
            context.output().print(text);
            return Outcome.SUCCESS;
        }
    }

    /** No command that there is, or one with wrong arguments. */
    record Refusal(CommandException why) implements Action {
        @Override
        public Outcome perform(CommandContext context) throws CommandException {
            throw why;
        }
    }
}
