// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.ExplainExec;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun explain exec}: prints what {@code exec} would do. */
public final class ExplainExecCommand implements Command {

    @Override
    public String summary() {
        return "print every system call that exec would make, and why, without making any";
    }

    @Override
    public String examples() {
        return """
                Print what exec would do in a running container:
                    jrun explain exec running true
                """;
    }

    @Override
    public Arguments arguments() {
        return new ExecCommand().arguments();
    }

    @Override
    public boolean onlyLooks() {
        return true;
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
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        String text = new ExplainExec(invocation.host(), invocation.store())
                .execute(invocation.session(), ExecOptions.call(invocation));
        invocation.print(text);
        return Outcome.SUCCESS;
    }
}
