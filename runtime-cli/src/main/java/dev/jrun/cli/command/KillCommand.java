// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Kill;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Signal;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun kill}: sends a signal to a container. */
public final class KillCommand implements Command {

    /** The number that only asks, kill(2). */
    private static final String PROBE = "0";

    @Override
    public String summary() {
        return "send a signal (default: SIGTERM) to a container's first process";
    }

    @Override
    public String examples() {
        return """
                Ask a container's first process to end:
                    jrun kill running
                Find out whether it is there, without a signal:
                    jrun kill running 0
                End all processes of all containers whose ids begin with "run":
                    jrun kill --all --regex '^run' KILL
                """;
    }

    @Override
    public Arguments arguments() {
        return new Arguments(1, 2, "CONTAINER [SIGNAL]");
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.flag(spec, "send it to all processes of the container", "-a", "--all");
        MatchingContainers.describe(spec);
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        List<String> arguments = invocation.arguments();
        String name = arguments.size() == 2 ? arguments.get(1) : "TERM";
        var kill = new Kill(invocation.host(), invocation.store());
        if (name.equals(PROBE)) {
            return probe(invocation, kill);
        }
        Signal signal = Signal.parse(name).orElseThrow(() -> new CommandException("unknown signal \"" + name + '"'));
        Kill.Scope scope = invocation.isSet("--all") ? Kill.Scope.ALL : Kill.Scope.INIT;
        if (MatchingContainers.areMeant(invocation)) {
            return MatchingContainers.each(invocation, id -> kill.execute(invocation.session(), id, signal, scope));
        }
        kill.execute(invocation.session(), invocation.containerId(), signal, scope);
        return Outcome.SUCCESS;
    }

    private static Outcome probe(Invocation invocation, Kill kill)
            throws CommandException, ContainerException, SessionBrokenException {
        if (MatchingContainers.areMeant(invocation)) {
            return MatchingContainers.each(invocation, kill::probe);
        }
        kill.probe(invocation.containerId());
        return Outcome.SUCCESS;
    }
}
