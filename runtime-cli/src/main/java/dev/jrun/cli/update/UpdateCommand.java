// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.update;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Update;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun update}: changes the limits of an existing container. */
public final class UpdateCommand implements Command {

    @Override
    public String summary() {
        return "change a container's limits: all that are named, or none";
    }

    @Override
    public String examples() {
        return """
                Give a container less memory and fewer processes, and lift its limit of processor time:
                    jrun update --memory 64m --pids-limit 100 --cpu-quota -1 running
                Change the limits that a document names:
                    echo '{"memory": {"limit": 67108864}, "pids": {"limit": 50}}' | jrun update --resources - running
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public void describe(CommandSpec spec) {
        UpdateOptions.describe(spec);
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        var update = new Update(invocation.host(), invocation.store());
        for (String warning : update.execute(invocation.session(), UpdateOptions.call(invocation))) {
            invocation.warn(warning);
        }
        return Outcome.SUCCESS;
    }
}
