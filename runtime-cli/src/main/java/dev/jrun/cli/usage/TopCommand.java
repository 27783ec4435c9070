// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.CallerEnvironment;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Consumption;
import dev.jrun.container.Top;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.engine.Call;
import dev.jrun.launch.WarningProgram;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.watch.RepeatProgram;
import dev.jrun.program.SessionBrokenException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun top}: shows people how containers use the machine, again and again. */
public final class TopCommand implements Command {

    private static final String PREFIX = "_JRUN_TOP_";
    private static final String SAMPLES = "SAMPLES";
    private static final String DRAWN = "DRAWN";
    /** What was said on standard error, which is not said again as long as nothing else is to be said. */
    private static final String SAID = "SAID";

    private static final Duration USUAL = Duration.ofSeconds(2);
    /** After which there is something to compare with. */
    private static final Duration FIRST = Duration.ofMillis(500);

    private static final int OUTPUT = 1;

    @Override
    public String summary() {
        return "show how containers use processors, memory and devices, again and again";
    }

    @Override
    public String examples() {
        return """
                Show how all containers use the machine, until Ctrl-C:
                    jrun top --interval 1s
                Show it once:
                    jrun top --no-stream
                Print one container's use for a program to read:
                    jrun top --no-stream --format json running
                """;
    }

    @Override
    public Arguments arguments() {
        return new Arguments(0, Integer.MAX_VALUE, "[CONTAINER]...");
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "DURATION", "how often to show it (default: 2s)", "--interval");
        Options.flag(spec, "show it once, and end", "--no-stream");
        Options.value(spec, "FORMAT", "table (default), or json: one object for each container", "-f", "--format");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        Duration interval = GoDuration.interval(invocation, USUAL);
        String format = invocation.option("--format", "table");
        if (!format.equals("table") && !format.equals("json")) {
            throw CommandException.ofValue("--format", format, "table, json");
        }
        Top top = invocation.arguments().isEmpty()
                ? Top.ofAll(invocation.host(), invocation.store())
                : Top.of(invocation.host(), invocation.store(), invocation.arguments());
        Optional<Samples> before = Samples.parse(known(invocation, SAMPLES));
        try (var _ = top.memory()) {
            return before.isPresent()
                    ? show(invocation, top, before.get(), interval)
                    : begin(invocation, top, interval.compareTo(FIRST) < 0 ? interval : FIRST);
        }
    }

    /** What the call before said; empty if there was none. */
    private static String known(Invocation invocation, String name) {
        return invocation.call().environment().getOrDefault(PREFIX + name, "");
    }

    /**
     * Shows nothing yet, since there is nothing to compare with. Containers that are named have to be there only now.
     */
    private static Outcome begin(Invocation invocation, Top top, Duration pause)
            throws ContainerException, SessionBrokenException {
        boolean named = !invocation.arguments().isEmpty();
        if (named) {
            top.checkRun();
        }
        long begun = System.nanoTime();
        Top.Look look = top.look(invocation.session());
        if (named) {
            checkIsShown(look);
        }
        Samples samples = Samples.of(look.containers());
        return repeat(invocation, "", "", atLeastAsLong(pause, begun), Map.of(SAMPLES, samples.text()));
    }

    private static Outcome show(Invocation invocation, Top top, Samples before, Duration interval)
            throws ContainerException, SessionBrokenException {
        long begun = System.nanoTime();
        Top.Look look = top.look(invocation.session());
        List<Use> uses = uses(look.containers(), before);
        if (invocation.isSet("--no-stream")) {
            return showOnce(invocation, look, uses);
        }
        if (look.mayRun() == 0 && !invocation.arguments().isEmpty()) {
            return Outcome.SUCCESS;
        }
        Samples now = Samples.of(look.containers());
        List<String> problems = new ArrayList<>(look.problems());
        if (now.size() < uses.size()) {
            problems.add("rates are known of " + now.size() + " of " + uses.size()
                    + " containers: the environment of a call has no room for more");
        }
        boolean screen = isTable(invocation) && invocation.call().isTerminal(OUTPUT);
        String errors = screen ? "" : warnings(problems);
        Map<String, String> kept = new HashMap<>();
        kept.put(SAMPLES, now.text());
        kept.put(DRAWN, "1");
        kept.put(SAID, Integer.toHexString(errors.hashCode()));
        return repeat(
                invocation,
                screen ? drawn(invocation, uses, problems) : text(invocation, uses),
                known(invocation, SAID).equals(kept.get(SAID)) ? "" : errors,
                atLeastAsLong(interval, begun),
                kept);
    }

    private static Outcome showOnce(Invocation invocation, Top.Look look, List<Use> uses) throws ContainerException {
        checkIsShown(look);
        for (String problem : look.problems()) {
            invocation.warn(problem);
        }
        invocation.print(text(invocation, uses));
        return Outcome.SUCCESS;
    }

    /** What can be said of none is an error. */
    private static void checkIsShown(Top.Look look) throws ContainerException {
        if (look.containers().isEmpty() && !look.problems().isEmpty()) {
            throw new ContainerException(String.join("; ", look.problems()));
        }
    }

    private static List<Use> uses(List<Consumption> containers, Samples before) {
        List<Use> uses = new ArrayList<>(containers.size());
        for (Consumption container : containers) {
            uses.add(new Use(container, before.of(container)));
        }
        uses.sort(Comparator.comparingDouble((Use use) -> -use.cpuPercent().orElse(0))
                .thenComparing(Use::id));
        return uses;
    }

    /** At most half of an engine's time goes into looking. */
    private static Duration atLeastAsLong(Duration pause, long begun) {
        Duration taken = Duration.ofNanos(System.nanoTime() - begun);
        return pause.compareTo(taken) < 0 ? taken : pause;
    }

    private static boolean isTable(Invocation invocation) {
        return invocation.option("--format", "table").equals("table");
    }

    private static String text(Invocation invocation, List<Use> uses) {
        if (isTable(invocation)) {
            Call call = invocation.call();
            return String.join("\n", UseTable.lines(uses, call.isTerminal(OUTPUT) ? call.columns() : 0)) + "\n";
        }
        StringBuilder text = new StringBuilder();
        for (Use use : uses) {
            text.append(UseDocument.line(use));
        }
        return text.toString();
    }

    private static String drawn(Invocation invocation, List<Use> uses, List<String> problems) {
        Call call = invocation.call();
        List<String> lines = new ArrayList<>(UseTable.lines(uses, call.columns()));
        warnings(problems).lines().forEach(lines::add);
        return known(invocation, DRAWN).isEmpty()
                ? Screen.first(lines, call.rows(), call.columns())
                : Screen.next(lines, call.rows(), call.columns());
    }

    private static String warnings(List<String> problems) {
        StringBuilder text = new StringBuilder();
        for (String problem : problems) {
            text.append(WarningProgram.line(problem));
        }
        return text.toString();
    }

    private static Outcome repeat(
            Invocation invocation, String text, String errors, Duration pause, Map<String, String> kept)
            throws ContainerException, SessionBrokenException {
        var program = RepeatProgram.of(
                CallerEnvironment.caller(invocation.call()), bytes(text), bytes(errors), pause, PREFIX, kept);
        Conversation.run(invocation.session(), program).await(Tag.DONE);
        return new Outcome.ShimEnds();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
