// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.CallerEnvironment;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.HostProgram;
import dev.jrun.container.Processes;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.json.JsonWriter;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.HostCommand;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun ps}: prints the processes of a container, by the host's ps(1). */
public final class PsCommand implements Command {

    /** More of what ps says in place of a table helps nobody, in bytes. */
    private static final int LONGEST_WORDS = 4096;

    @Override
    public String summary() {
        return "print a container's processes, as the host's ps does";
    }

    @Override
    public String examples() {
        return """
                Print a container's processes:
                    jrun ps running
                Choose other columns, with options of ps:
                    jrun ps running -eo pid,ppid,args
                Print only their pids:
                    jrun ps --format json running
                """;
    }

    @Override
    public Arguments arguments() {
        return new Arguments(1, Integer.MAX_VALUE, "CONTAINER [OPTION OF PS]...");
    }

    @Override
    public boolean executesArguments() {
        return true;
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "FORMAT", "table (default), or json: an array of pids", "-f", "--format");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        List<Integer> pids = new Processes(invocation.store()).pids(invocation.containerId());
        String format = invocation.option("--format", "table");
        switch (format) {
            case "table" -> printTable(invocation, pids);
            case "json" -> invocation.print(json(pids));
            default -> throw CommandException.ofValue("--format", format, "table, json");
        }
        return Outcome.SUCCESS;
    }

    private static String json(List<Integer> pids) {
        // Go's nil slice.
        if (pids.isEmpty()) {
            return "null\n";
        }
        var json = JsonWriter.compact().beginArray();
        for (int pid : pids) {
            json.value(pid);
        }
        return json.endArray() + "\n";
    }

    private static void printTable(Invocation invocation, List<Integer> pids)
            throws CommandException, ContainerException, SessionBrokenException {
        List<String> options =
                invocation.arguments().subList(1, invocation.arguments().size());
        List<String> words = new ArrayList<>(List.of("ps"));
        words.addAll(options.isEmpty() ? List.of("-ef") : options);
        HostProgram ps = HostProgram.execute(invocation.session(), words, CallerEnvironment.entries(invocation.call()));
        checkEnd(ps);
        // Nothing is printed before all is known to be right.
        var looked = new ProcessTable(pids, (bytes, from, length) -> {});
        ps.read(looked);
        looked.end();
        var output = new RowOutput(invocation.session());
        var printed = new ProcessTable(pids, output);
        ps.read(printed);
        printed.end();
        output.flush();
    }

    private static void checkEnd(HostProgram ps) throws CommandException, ContainerException, SessionBrokenException {
        WaitStatus end = ps.end();
        if (end.signal() != 0) {
            throw new CommandException("ps was ended by signal " + end.signal());
        }
        if (end.exitCode() == 0) {
            return;
        }
        String words = ps.beginning(LONGEST_WORDS);
        if (end.exitCode() == HostCommand.NOT_FOUND && words.isEmpty()) {
            throw new CommandException("exec: \"ps\": executable file not found in $PATH");
        }
        throw new CommandException("ps: exit status " + end.exitCode() + ": " + words);
    }
}
