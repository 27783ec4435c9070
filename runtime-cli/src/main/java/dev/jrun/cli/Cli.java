// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.cli.call.CallerPath;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.GlobalOptions;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Version;
import dev.jrun.container.launch.Host;
import dev.jrun.engine.Call;
import dev.jrun.engine.CallHandler;
import java.util.List;
import picocli.CommandLine.ParseResult;

/**
 * Understands the arguments of calls.
 *
 * <p>It builds only the model of the called command, by hand: building all from annotations would cost a cold call 38
 * ms.
 */
final class Cli implements CallHandler {

    private final Host host = new Host();
    private final CommandLines lines = new CommandLines();

    @Override
    public Task understand(Call call) {
        ReusedLine line = lines.takeGlobal(call.arguments());
        try {
            CallerPath.checkAreUtf8(call.arguments());
            return understand(call, line.parse(call.arguments(), ""));
        } catch (CommandException e) {
            return new Answer(e);
        } finally {
            lines.giveBack("", line);
        }
    }

    private Task understand(Call call, ParseResult parsed) throws CommandException {
        List<String> words = Options.arguments(parsed);
        if (Options.isSet(parsed, "--version")) {
            return new Answer(Version.text(call.build()));
        }
        if (Options.isSet(parsed, "--help") || words.isEmpty()) {
            return new Answer(GlobalHelp.text());
        }
        GlobalOptions global = GlobalOptions.of(parsed, call);
        return new CommandTask(call, global, host, understand(words));
    }

    /** What is wrong with a command belongs in the log that the global options name. */
    private Action understand(List<String> words) {
        try {
            String name = words.getFirst();
            boolean explainsExec =
                    name.equals("explain") && words.size() > 1 && words.get(1).equals("exec");
            return explainsExec
                    ? understand(CommandTable.EXPLAIN_EXEC, words.subList(2, words.size()))
                    : understand(name, words.subList(1, words.size()));
        } catch (CommandException e) {
            return new Action.Refusal(e);
        }
    }

    private Action understand(String name, List<String> rest) throws CommandException {
        if (name.equals("help") || name.equals("h")) {
            return new Action.Print(rest.isEmpty() ? GlobalHelp.text() : CommandHelp.text(String.join(" ", rest)));
        }
        Command command = CommandTable.get(name);
        ReusedLine line = lines.take(name, command, rest);
        ParseResult parsed = line.parse(rest, name);
        if (Options.isSet(parsed, "--help")) {
            return new Action.Print(CommandHelp.text(name));
        }
        command.arguments().check(name, Options.arguments(parsed));
        return new Action.Execute(name, command, parsed, () -> lines.giveBack(name, line));
    }
}
