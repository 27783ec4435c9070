// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Validate;
import dev.jrun.container.check.CheckedConfig;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.json.JsonWriter;
import dev.jrun.launch.BundlePath;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Problem;
import dev.jrun.spec.reading.Reading;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun validate}: prints everything that is wrong with a bundle's config.json. */
public final class ValidateCommand implements Command {

    private static final String DOCUMENT = "config.json";

    @Override
    public String summary() {
        return "print everything that is wrong with a bundle's config.json";
    }

    @Override
    public String examples() {
        return """
                Print everything that is wrong with a configuration, as JSON:
                    jrun validate --bundle hello --format json
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
        Options.value(spec, "DIR", "the bundle's directory (default: the current one)", "-b", "--bundle");
        Options.value(spec, "FILE", "read this file instead of the bundle's config.json", "--config");
        Options.value(spec, "FORMAT", "text (default) or json", "-f", "--format");
        spec.usageMessage().footer("", "The exit code is 0 if there are no problems; warnings do not count.");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        boolean json = isJson(invocation.option("--format", "text"));
        var bundle = new BundlePath(invocation.option("--bundle", "."), invocation.option("--config", ""));
        Reading<CheckedConfig> reading = new Validate(invocation.host())
                .execute(
                        invocation.session(),
                        bundle,
                        invocation.context().global().allowed(),
                        invocation.context().global().cgroups());
        invocation.print(json ? json(reading) : text(reading));
        return new Outcome.Exit(reading.problems().isEmpty() ? 0 : 1);
    }

    private static boolean isJson(String format) throws CommandException {
        return switch (format) {
            case "text" -> false;
            case "json" -> true;
            default -> throw CommandException.ofValue("--format", format, "text, json");
        };
    }

    private static String text(Reading<CheckedConfig> reading) {
        var text = new StringBuilder();
        for (Problem problem : reading.problems()) {
            text.append("problem: ").append(problem.in(DOCUMENT)).append('\n');
        }
        for (Problem warning : reading.warnings()) {
            text.append("warning: ").append(warning.in(DOCUMENT)).append('\n');
        }
        return text.append(DOCUMENT)
                .append(": ")
                .append(count(reading.problems().size(), "problem"))
                .append(", ")
                .append(count(reading.warnings().size(), "warning"))
                .append('\n')
                .toString();
    }

    private static String count(int number, String noun) {
        return switch (number) {
            case 0 -> "no " + noun + "s";
            case 1 -> "1 " + noun;
            default -> number + " " + noun + "s";
        };
    }

    private static String json(Reading<CheckedConfig> reading) {
        var json = JsonWriter.indented("  ").beginObject();
        json.name("valid").value(reading.problems().isEmpty());
        write(json.name("problems"), reading.problems());
        write(json.name("warnings"), reading.warnings());
        return json.endObject() + "\n";
    }

    private static void write(JsonWriter json, List<Problem> problems) {
        json.beginArray();
        for (Problem problem : problems) {
            json.beginObject().name("pointer").value(problem.pointer());
            if (!problem.found().isEmpty()) {
                json.name("found").value(problem.found());
            }
            json.name("message").value(problem.message());
            problem.suggestion().ifPresent(suggestion -> json.name("suggestion").value(suggestion));
            json.endObject();
        }
        json.endArray();
    }
}
