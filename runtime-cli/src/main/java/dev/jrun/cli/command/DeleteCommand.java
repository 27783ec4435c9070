// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.CallerEnvironment;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.cli.call.UsageException;
import dev.jrun.container.Delete;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun delete}: removes a container and what was made for it. */
public final class DeleteCommand implements Command {

    @Override
    public String summary() {
        return "remove a container that is not running, and everything made for it";
    }

    @Override
    public String examples() {
        return """
                Remove a container that was never started:
                    jrun delete created
                Kill and remove a running one; succeed if there is none:
                    jrun delete --force running
                Remove all that are left:
                    jrun delete --force --regex '.*'
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.flag(spec, "kill it if it is running; succeed if there is no such container", "-f", "--force");
        MatchingContainers.describe(spec);
        Options.value(
                spec,
                "PID",
                "only if this process made it; a shim that has lost its engine cleans up with this",
                "--made-by");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        String creator = invocation.option("--made-by", "");
        if (!creator.isEmpty()) {
            new Delete(invocation.host(), invocation.store(), CallerEnvironment.entries(invocation.call()))
                    .executeFor(invocation.session(), invocation.containerId(), pid(creator));
            return Outcome.SUCCESS;
        }
        Delete.Mode mode = invocation.isSet("--force") ? Delete.Mode.FORCE : Delete.Mode.ENDED;
        var delete = new Delete(invocation.host(), invocation.store(), CallerEnvironment.entries(invocation.call()));
        if (MatchingContainers.areMeant(invocation)) {
            return MatchingContainers.each(invocation, id -> delete.execute(invocation.session(), id, mode));
        }
        delete.execute(invocation.session(), invocation.containerId(), mode);
        return Outcome.SUCCESS;
    }

    private static long pid(String text) throws CommandException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw UsageException.of("delete", "--made-by is a process id, not \"" + text + '"');
        }
    }
}
