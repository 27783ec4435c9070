// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Exec;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun exec}: executes another process in a running container. */
public final class ExecCommand implements Command {

    @Override
    public String summary() {
        return "run another process in a running container";
    }

    @Override
    public String examples() {
        return """
                Run another program in a running container:
                    jrun exec running true
                Run it as another user, with one more variable:
                    jrun exec --user 65534:65534 --env LANG=C running true
                """;
    }

    @Override
    public Arguments arguments() {
        return new Arguments(1, Integer.MAX_VALUE, "CONTAINER [COMMAND [ARGUMENTS]]");
    }

    @Override
    public boolean executesArguments() {
        return true;
    }

    @Override
    public void describe(CommandSpec spec) {
        ExecOptions.describe(spec);
    }

    @Override
    public CommandException failure(String message) {
        return new ExecFailedException(message);
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        new Exec(invocation.host(), invocation.store()).execute(invocation.session(), ExecOptions.call(invocation));
        return new Outcome.ShimEnds();
    }
}
