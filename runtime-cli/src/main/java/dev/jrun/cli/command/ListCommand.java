// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.ListContainers;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun list}: prints all containers of the state directory. */
public final class ListCommand implements Command {

    @Override
    public String summary() {
        return "list the containers of the state directory (--root)";
    }

    @Override
    public Arguments arguments() {
        return Arguments.NONE;
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "FORMAT", "table (default) or json", "-f", "--format");
        Options.flag(spec, "print ids only", "-q", "--quiet");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException {
        StateStore store = invocation.store();
        GlobalOptions global = invocation.context().global();
        // Nobody has made a container yet, or the caller means another directory.
        if (global.isRootGiven() && store.isMissing()) {
            throw new CommandException(
                    "cannot list the containers of " + global.root() + ": no such file or directory");
        }
        ListContainers.Listed listed = new ListContainers(store).execute();
        for (String problem : listed.problems()) {
            invocation.warn(problem);
        }
        List<ContainerState> states = listed.containers();
        if (invocation.isSet("--quiet")) {
            for (ContainerState state : states) {
                invocation.print(state.kept().id() + "\n");
            }
            return Outcome.SUCCESS;
        }
        invocation.print(
                switch (invocation.option("--format", "table")) {
                    case "table" -> table(states);
                    case "json" -> json(states);
                    default -> throw new CommandException("invalid format option");
                });
        return Outcome.SUCCESS;
    }

    private static String table(List<ContainerState> states) {
        var names = new UserNames();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"));
        for (ContainerState state : states) {
            rows.add(List.of(
                    state.kept().id().text(),
                    Long.toString(state.pid()),
                    state.status().specName(),
                    state.kept().description().bundle().toString(),
                    StateDocument.time(state.kept().description().created()),
                    names.of(state.kept().description().owner())));
        }
        return Table.text(rows);
    }

    private static String json(List<ContainerState> states) {
        // Go's nil slice.
        if (states.isEmpty()) {
            return "null\n";
        }
        var names = new UserNames();
        var json = JsonWriter.compact().beginArray();
        for (ContainerState state : states) {
            StateDocument.write(json, state, names.of(state.kept().description().owner()));
        }
        return json.endArray() + "\n";
    }
}
