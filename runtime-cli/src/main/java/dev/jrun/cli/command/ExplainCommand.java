// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Explain;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun explain}: prints what {@code create} would do with a bundle. */
public final class ExplainCommand implements Command {

    /** The container of an explanation that names none. */
    private static final String EXAMPLE = "example";

    @Override
    public String summary() {
        return "print every system call that create and start would make, and why, without making any";
    }

    @Override
    public String examples() {
        return """
                Print what create would do with a bundle:
                    jrun explain --bundle hello
                """;
    }

    @Override
    public Arguments arguments() {
        return new Arguments(0, 1, "[CONTAINER]");
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public void describe(CommandSpec spec) {
        LaunchOptions.describe(spec);
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        List<String> arguments = invocation.arguments();
        ContainerId id = ContainerId.of(arguments.isEmpty() ? EXAMPLE : arguments.getFirst());
        String text = new Explain(invocation.host(), invocation.store())
                .execute(invocation.session(), LaunchOptions.request(invocation, id));
        invocation.print(text);
        return Outcome.SUCCESS;
    }
}
