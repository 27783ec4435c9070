// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Pause;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;

/** {@code jrun pause}: freezes all processes of a container, which do not notice it. */
public final class PauseCommand implements Command {

    @Override
    public String summary() {
        return "freeze all processes of a container until resume";
    }

    @Override
    public String examples() {
        return """
                Freeze a container, and look at its state:
                    jrun pause running
                    jrun state running
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public Outcome execute(Invocation invocation) throws ContainerException, SessionBrokenException {
        new Pause(invocation.host(), invocation.store()).execute(invocation.session(), invocation.containerId());
        return Outcome.SUCCESS;
    }
}
