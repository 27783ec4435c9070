// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import dev.jrun.container.ContainerException;
import dev.jrun.container.Host;
import dev.jrun.engine.Call;
import dev.jrun.engine.CallHandler;
import dev.jrun.engine.EngineControl;
import dev.jrun.engine.Farewell;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

    private final Host host = new Host();
    private final CommandLines lines = new CommandLines();

    @Override
    public void handle(Call call, Session session, EngineControl engine) throws SessionBrokenException {
        var output = new Farewell();
        Outcome outcome;
        try {
            outcome = execute(call, session, engine, output);
        } catch (CommandException e) {
            output.printError("jrun: " + e.getMessage() + "\n" + e.hint());
            outcome = new Outcome.Exit(e.exitCode());
        }
        if (outcome instanceof Outcome.Exit(int code)) {
            session.run(output.program(code));
        }
    }

    private Outcome execute(Call call, Session session, EngineControl engine, Farewell output)
            throws CommandException, SessionBrokenException {
        CommandLine line = lines.takeGlobal();
        try {
            return execute(call, session, engine, output, parse(line, call.arguments(), ""));
        } finally {
            lines.giveBack("", line);
        }
    }

    private Outcome execute(Call call, Session session, EngineControl engine, Farewell output, ParseResult parsed)
            throws CommandException, SessionBrokenException {
        List<String> words = Options.arguments(parsed);
        if (Options.isSet(parsed, "--version")) {
            output.print(Version.text(call.build()));
            return Outcome.SUCCESS;
        }
        if (Options.isSet(parsed, "--help") || words.isEmpty()) {
            output.print(GlobalHelp.text());
            return Outcome.SUCCESS;
        }
        GlobalOptions global = GlobalOptions.of(parsed, call);
        if (global.debug()) {
            return executeLogged(new Surroundings(call, session, engine, global, host, output), words);
        }
        return executeReporting(new Surroundings(call, session, engine, global, host, output), words);
    }

    private Outcome executeLogged(Surroundings surroundings, List<String> words)
            throws CommandException, SessionBrokenException {
        var log = new DebugLog(surroundings.global());
        var session = new LoggedSession(surroundings.session(), log);
        try {
            return executeReporting(surroundings.with(session), words);
        } finally {
            log.moveTo(surroundings.output());
        }
    }

    private Outcome executeReporting(Surroundings surroundings, List<String> words)
            throws CommandException, SessionBrokenException {
        GlobalOptions global = surroundings.global();
        try {
            return execute(surroundings, words);
        } catch (CommandException e) {
            if (!global.log().isEmpty()) {
                surroundings
                        .output()
                        .log(global.log(), global.logFormat().line("error", e.getMessage(), Instant.now()));
            }
            throw e;
        }
    }

    private Outcome execute(Surroundings surroundings, List<String> words)
            throws CommandException, SessionBrokenException {
        String name = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        if (name.equals("help") || name.equals("h")) {
            surroundings.output().print(rest.isEmpty() ? GlobalHelp.text() : CommandHelp.text(rest.getFirst()));
            return Outcome.SUCCESS;
        }
        Command command = CommandTable.get(name);
        CommandLine line = lines.take(name, command);
        try {
            return execute(surroundings, name, command, parse(line, rest, name));
        } finally {
            lines.giveBack(name, line);
        }
    }

    private static Outcome execute(Surroundings surroundings, String name, Command command, ParseResult parsed)
            throws CommandException, SessionBrokenException {
        if (Options.isSet(parsed, "--help")) {
            surroundings.output().print(CommandHelp.text(name));
            return Outcome.SUCCESS;
        }
        command.arguments().check(name, Options.arguments(parsed));
        try {
            return command.execute(new Invocation(name, surroundings, parsed));
        } catch (ContainerException e) {
            throw new CommandException(e.getMessage());
        }
    }

    private static ParseResult parse(CommandLine line, List<String> words, String command) throws CommandException {
        ParseResult parsed;
        try {
            parsed = line.parseArgs(words.toArray(new String[0]));
        } catch (ParameterException e) {
            throw UsageException.of(command, e.getMessage());
        }
        Optional<String> unknown =
                line.isStopAtUnmatched() ? Options.unknownFirst(parsed) : Options.unknown(parsed, words);
        if (unknown.isPresent()) {
            throw UsageException.of(command, "Unknown option: '" + unknown.get() + "'");
        }
        return parsed;
    }
}
