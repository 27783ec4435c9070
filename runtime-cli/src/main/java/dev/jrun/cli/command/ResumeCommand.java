// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Resume;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;

/** {@code jrun resume}: lets a paused container continue. */
public final class ResumeCommand implements Command {

    @Override
    public String summary() {
        return "let a paused container continue";
    }

    @Override
    public String examples() {
        return """
                Let a paused container continue:
                    jrun pause running
                    jrun resume running
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public Outcome execute(Invocation invocation) throws ContainerException, SessionBrokenException {
        new Resume(invocation.host(), invocation.store()).execute(invocation.session(), invocation.containerId());
        return Outcome.SUCCESS;
    }
}
