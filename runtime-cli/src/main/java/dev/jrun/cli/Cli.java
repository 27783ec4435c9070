// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.engine.Call;
import dev.jrun.engine.CallHandler;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.Farewell;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Understands the arguments of a call, executes the command and says what came of it.
 *
 * <p>Only the model of the command that is called is built, by hand: building all by annotations would cost a cold call
 * 38 ms.
 */
final class Cli implements CallHandler {

    @Override
    public void handle(Call call, Session session, EngineControl engine) throws SessionBrokenException {
        var output = new Farewell();
        int code;
        try {
            code = execute(call, session, engine, output);
        } catch (CommandException e) {
            output.printError("jrun: " + e.getMessage() + "\n" + e.hint());
            code = e.exitCode();
        }
        session.run(output.program(code));
    }

    private int execute(Call call, Session session, EngineControl engine, Farewell output)
            throws CommandException, SessionBrokenException {
        ParseResult parsed = parse(GlobalHelp.commandLine(), call.arguments(), "");
        List<String> rest = Options.arguments(parsed);
        if (Options.isSet(parsed, "--version")) {
            output.print(Version.text(call.build()));
            return 0;
        }
        if (Options.isSet(parsed, "--help") || rest.isEmpty()) {
            output.print(GlobalHelp.text());
            return 0;
        }
        GlobalOptions global = GlobalOptions.of(parsed, call);
        try {
            return execute(call, session, engine, global, rest, output);
        } catch (CommandException e) {
            if (!global.log().isEmpty()) {
                output.log(global.log(), global.logFormat().line("error", e.getMessage(), Instant.now()));
            }
            throw e;
        }
    }

    private int execute(
            Call call, Session session, EngineControl engine, GlobalOptions global, List<String> words, Farewell output)
            throws CommandException, SessionBrokenException {
        String name = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        if (name.equals("help") || name.equals("h")) {
            return help(rest, output);
        }
        Command command = command(name);
        CommandLine line = CommandHelp.commandLine(name, command);
        ParseResult parsed = parse(line, rest, name);
        if (Options.isSet(parsed, "--help")) {
            output.print(CommandHelp.text(line));
            return 0;
        }
        command.arguments().check(name, Options.arguments(parsed));
        return command.execute(new Invocation(call, session, engine, global, parsed, output));
    }

    private static int help(List<String> words, Farewell output) throws CommandException {
        if (words.isEmpty()) {
            output.print(GlobalHelp.text());
        } else {
            String name = words.getFirst();
            output.print(CommandHelp.text(CommandHelp.commandLine(name, command(name))));
        }
        return 0;
    }

    private static Command command(String name) throws CommandException {
        return CommandTable.named(name).orElseThrow(() -> UsageException.unknownCommand(name));
    }

    private static ParseResult parse(CommandLine line, List<String> words, String command) throws CommandException {
        try {
            return line.parseArgs(words.toArray(String[]::new));
        } catch (ParameterException e) {
            throw UsageException.of(command, e.getMessage());
        }
    }
}
