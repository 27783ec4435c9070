// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.CallerEnvironment;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Start;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import java.util.OptionalInt;

/** {@code jrun start}: has a created container execute its program. */
public final class StartCommand implements Command {

    @Override
    public String summary() {
        return "run the program of a created container";
    }

    @Override
    public String examples() {
        return """
                Run the program of a created container:
                    jrun start created
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        OptionalInt code = new Start(
                        invocation.host(),
                        invocation.store(),
                        CallerEnvironment.entries(invocation.call()),
                        CallerEnvironment.serviceManager(invocation.call()))
                .execute(invocation.session(), invocation.containerId());
        return code.isPresent() ? new Outcome.Exit(code.getAsInt()) : new Outcome.ShimEnds();
    }
}
