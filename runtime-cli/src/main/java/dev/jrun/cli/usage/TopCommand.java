// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.ListContainers;
import dev.jrun.container.Usage;
import dev.jrun.container.launch.Conversation;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerId;
import dev.jrun.container.state.ContainerState;
import dev.jrun.engine.Call;
import dev.jrun.json.Printable;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.watch.RepeatProgram;
import dev.jrun.program.SessionBrokenException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun top}: shows people how containers use the machine, again and again. */
public final class TopCommand implements Command {

    private static final String PREFIX = "_JRUN_TOP_";
    private static final String SAMPLES = "SAMPLES";
    private static final String DRAWN = "DRAWN";
    private static final Duration USUAL = Duration.ofSeconds(2);
    /** After which there is something to compare with. */
    private static final Duration FIRST = Duration.ofMillis(500);

    private static final int OUTPUT = 1;

    @Override
    public String summary() {
        return "show how containers use processors, memory and devices, again and again";
    }

    @Override
    public Arguments arguments() {
        return new Arguments(0, Integer.MAX_VALUE, "[CONTAINER]...");
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "DURATION", "show it each time that this has passed (default: 2s)", "--interval");
        Options.flag(spec, "show it once, and end", "--no-stream");
        Options.value(spec, "FORMAT", "table (default), or json: an object for each container", "-f", "--format");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        Duration interval = GoDuration.interval(invocation, USUAL);
        String format = invocation.option("--format", "table");
        if (!format.equals("table") && !format.equals("json")) {
            throw new CommandException("invalid format option");
        }
        Call call = invocation.call();
        Optional<Samples> before = Samples.parse(call.environment().getOrDefault(PREFIX + SAMPLES, ""));
        Samples now = Samples.ofNow();
        List<String> problems = new ArrayList<>();
        List<Use> uses = look(invocation, before, now, problems);
        if (before.isEmpty()) {
            repeat(invocation, "", interval.compareTo(FIRST) < 0 ? interval : FIRST, now, false);
            return new Outcome.ShimEnds();
        }
        boolean over = uses.isEmpty() && !invocation.arguments().isEmpty();
        boolean drawn = call.environment().containsKey(PREFIX + DRAWN);
        String text = format.equals("json") ? documents(uses) : table(call, uses, problems, drawn);
        if (over || invocation.isSet("--no-stream")) {
            invocation.print(over ? "" : text);
            return Outcome.SUCCESS;
        }
        repeat(invocation, text, interval, now, true);
        return new Outcome.ShimEnds();
    }

    private static List<Use> look(Invocation invocation, Optional<Samples> before, Samples now, List<String> problems)
            throws CommandException, ContainerException {
        Usage usage = new Usage(invocation.host());
        List<Use> uses = new ArrayList<>();
        for (ContainerState state : containers(invocation, before.isEmpty(), problems)) {
            String id = state.kept().id().text();
            try {
                Usage.Counts counts = usage.of(state.kept());
                Use use = new Use(
                        id,
                        state.status(),
                        counts.cgroup(),
                        before.isPresent() ? before.get().of(id) : Optional.empty(),
                        before.isPresent()
                                ? Math.max(1, now.time() - before.get().time())
                                : 1);
                now.add(use.sample());
                uses.add(use);
            } catch (ContainerException e) {
                problems.add(e.getMessage());
            }
        }
        uses.sort(Comparator.comparingDouble((Use use) -> -use.cpuPercent().orElse(0))
                .thenComparing(Use::id));
        return uses;
    }

    /** Those that are named have to be there in the first call; later ones go on with those that are left. */
    private static List<ContainerState> containers(Invocation invocation, boolean first, List<String> problems)
            throws ContainerException {
        ListContainers.Listed all = new ListContainers(invocation.store()).execute();
        List<ContainerState> running = new ArrayList<>();
        for (ContainerState state : all.containers()) {
            if (isRunning(state) && isMeant(invocation, state)) {
                running.add(state);
            }
        }
        if (invocation.arguments().isEmpty()) {
            problems.addAll(all.problems());
        } else if (first) {
            checkAreThere(invocation, running);
        }
        return running;
    }

    private static boolean isRunning(ContainerState state) {
        return switch (state.status()) {
            case CREATED, RUNNING, PAUSED -> true;
            case CREATING, STOPPED, UNKNOWN -> false;
        };
    }

    private static boolean isMeant(Invocation invocation, ContainerState state) {
        return invocation.arguments().isEmpty()
                || invocation.arguments().contains(state.kept().id().text());
    }

    private static void checkAreThere(Invocation invocation, List<ContainerState> running) throws ContainerException {
        for (String name : invocation.arguments()) {
            ContainerId id = ContainerId.of(name);
            if (running.stream().noneMatch(state -> state.kept().id().equals(id))) {
                // Says that it does not exist, or cannot be read.
                invocation.store().read(id);
                throw new ContainerException("container with id " + id + " is not running");
            }
        }
    }

    private static String documents(List<Use> uses) {
        StringBuilder text = new StringBuilder();
        for (Use use : uses) {
            text.append(UseDocument.line(use));
        }
        return text.toString();
    }

    private static String table(Call call, List<Use> uses, List<String> problems, boolean drawn) {
        boolean terminal = call.isTerminal(OUTPUT);
        List<String> lines = new ArrayList<>(UseTable.lines(uses, terminal ? call.columns() : 0));
        for (String problem : problems) {
            lines.add("jrun: warning: " + Printable.ofLines(problem));
        }
        if (!terminal) {
            return String.join("\n", lines) + "\n";
        }
        return drawn ? Screen.next(lines, call.rows()) : Screen.first(lines, call.rows());
    }

    private static void repeat(Invocation invocation, String text, Duration pause, Samples now, boolean drawn)
            throws ContainerException, SessionBrokenException {
        Map<String, String> kept = drawn ? Map.of(SAMPLES, now.text(), DRAWN, "1") : Map.of(SAMPLES, now.text());
        var program = RepeatProgram.of(
                EventsCommand.caller(invocation.call()), text.getBytes(StandardCharsets.UTF_8), pause, PREFIX, kept);
        Conversation.run(invocation.session(), program).await(Tag.DONE);
    }
}
