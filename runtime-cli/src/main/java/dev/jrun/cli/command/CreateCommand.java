// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Create;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun create}: makes a container that waits for {@code start}. */
public final class CreateCommand implements Command {

    @Override
    public String summary() {
        return "make a container from a bundle, ready for start";
    }

    @Override
    public String examples() {
        return """
                Make a container that waits for start, and write the pid of its first process to a file:
                    jrun create --bundle hello --pid-file web.pid web
                Make another from the same bundle, with a configuration kept elsewhere:
                    jrun create --bundle hello --config hello/config.json web2
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public void describe(CommandSpec spec) {
        LaunchOptions.describe(spec);
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        new Create(invocation.host(), invocation.store())
                .execute(invocation.session(), LaunchOptions.request(invocation));
        return new Outcome.ShimEnds();
    }
}
