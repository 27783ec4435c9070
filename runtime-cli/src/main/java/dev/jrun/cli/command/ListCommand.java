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
import dev.jrun.container.ShowState;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.json.JsonWriter;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun list}: prints all containers of the state directory. */
public final class ListCommand implements Command {

    @Override
    public String summary() {
        return "list the containers in the state directory (--root)";
    }

    @Override
    public String examples() {
        return """
                List all containers:
                    jrun list
                List only their ids:
                    jrun list --quiet
                """;
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
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        StateStore store = invocation.store();
        GlobalOptions global = invocation.context().global();
        // Nobody has made a container yet, or the caller means another directory.
        if (global.isRootGiven() && store.isMissing()) {
            throw new CommandException(
                    "cannot list the containers of " + global.root() + ": no such file or directory");
        }
        ListContainers containers = new ListContainers(store);
        if (invocation.isSet("--quiet")) {
            invocation.print(ids(found(invocation, containers)));
            return Outcome.SUCCESS;
        }
        String format = invocation.option("--format", "table");
        switch (format) {
            case "table" -> invocation.print(table(found(invocation, containers)));
            case "json" -> printJson(invocation, containers);
            default -> throw CommandException.ofValue("--format", format, "table, json");
        }
        return Outcome.SUCCESS;
    }

    private static List<ContainerState> found(Invocation invocation, ListContainers containers)
            throws ContainerException {
        ListContainers.Listed listed = containers.execute();
        warn(invocation, listed.problems());
        return listed.containers();
    }

    private static void warn(Invocation invocation, List<String> problems) {
        for (String problem : problems) {
            invocation.warn(problem);
        }
    }

    private static String ids(List<ContainerState> states) {
        var text = new StringBuilder();
        for (ContainerState state : states) {
            text.append(state.kept().id()).append('\n');
        }
        return text.toString();
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

    private static void printJson(Invocation invocation, ListContainers containers)
            throws ContainerException, SessionBrokenException {
        var output = new LongOutput(invocation.session());
        var json = JsonWriter.compact().beginArray();
        int empty = json.length();
        List<String> problems =
                containers.showEach(invocation.host().memory(), new Writing(json, output, new UserNames()));
        warn(invocation, problems);
        // Go's nil slice.
        invocation.print(json.length() == empty && output.isUnused() ? "null\n" : json.endArray() + "\n");
    }

    private record Writing(JsonWriter json, LongOutput output, UserNames names) implements ShowState.Viewer {
        @Override
        public void show(ContainerState state) throws ContainerException, SessionBrokenException {
            StateDocument.write(json, state, names.of(state.kept().description().owner()), output);
        }
    }
}
