// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.engine.EngineStatus;
import dev.jrun.json.JsonWriter;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun engine}: the JVM that serves all calls. */
public final class EngineCommand implements Command {

    @Override
    public String summary() {
        return "show, stop or run the process that serves calls";
    }

    @Override
    public String examples() {
        return """
                Stop the engine that serves you:
                    jrun engine stop
                """;
    }

    @Override
    public Arguments arguments() {
        return new Arguments(1, 1, "status|stop|serve");
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "FORMAT", "format of status: text (default) or json", "-f", "--format");
        spec.usageMessage()
                .footer(
                        "",
                        "status  show whether an engine is running, and its state; exit code 1 if none is",
                        "stop    have the engine end once the calls in progress have ended",
                        "serve   run an engine in the foreground, for a service manager; takes no options");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException {
        String action = invocation.arguments().getFirst();
        return switch (action) {
            case "status" -> status(invocation);
            case "stop" -> stop(invocation);
            case "serve" ->
                throw new CommandException("engine serve takes no options: they are those of each call it serves");
            default -> throw new CommandException("engine: found \"" + action + "\"; allowed: status, stop, serve");
        };
    }

    private static Outcome status(Invocation invocation) throws CommandException {
        Optional<EngineStatus> status = invocation.engine().status();
        String format = invocation.option("--format", "text");
        invocation.print(
                switch (format) {
                    case "text" -> text(status);
                    case "json" -> json(status);
                    default -> throw CommandException.ofValue("--format", format, "text, json");
                });
        if (status.isEmpty()) {
            invocation.engine().stop();
        }
        return new Outcome.Exit(status.isPresent() ? 0 : 1);
    }

    private static String text(Optional<EngineStatus> status) {
        return status.map(engine -> "running, pid " + engine.pid()
                        + "\nbuild:    " + engine.build()
                        + "\nsocket:   " + engine.socket()
                        + "\nuptime:   " + engine.uptime().toSeconds() + " s"
                        + "\ncalls:    " + engine.calls() + " (" + engine.open() + " open)"
                        + "\nresident: " + (engine.residentBytes() >> 20) + " MiB\n")
                .orElse("not running\n");
    }

    private static String json(Optional<EngineStatus> status) {
        var json = JsonWriter.indented("  ").beginObject().name("running").value(status.isPresent());
        status.ifPresent(engine -> json.name("pid")
                .value(engine.pid())
                .name("build")
                .value(engine.build())
                .name("socket")
                .value(engine.socket())
                .name("uptimeSeconds")
                .value(engine.uptime().toSeconds())
                .name("calls")
                .value(engine.calls())
                .name("openCalls")
                .value(engine.open())
                .name("residentBytes")
                .value(engine.residentBytes()));
        return json.endObject() + "\n";
    }

    private static Outcome stop(Invocation invocation) {
        Optional<EngineStatus> status = invocation.engine().status();
        invocation.engine().stop();
        invocation.print(status.map(engine -> engine.open() > 1
                        ? "the engine, pid " + engine.pid() + ", ends when " + (engine.open() - 1)
                                + " other calls have ended\n"
                        : "the engine, pid " + engine.pid() + ", ends\n")
                .orElse("no engine was running\n"));
        return Outcome.SUCCESS;
    }
}
