// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.CallerEnvironment;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.Events;
import dev.jrun.container.Usage;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.engine.Call;
import dev.jrun.json.JsonWriter;
import dev.jrun.json.Printable;
import dev.jrun.launch.watch.KeptWatch;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** {@code jrun events}: prints what a container uses, and when it runs out of memory, for programs to read. */
public final class EventsCommand implements Command {

    private static final Duration USUAL = Duration.ofSeconds(5);

    @Override
    public String summary() {
        return "print a container's resource use at intervals, and when memory runs out, as JSON";
    }

    @Override
    public String examples() {
        return """
                Print what a container uses now:
                    jrun events --stats running
                Print it every half second, for as long as somebody reads:
                    jrun events --interval 500ms running | head -n 2
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public void describe(CommandSpec spec) {
        Options.value(spec, "DURATION", "how often to print resource use (default: 5s)", "--interval");
        Options.flag(spec, "print resource use once, and end", "--stats");
    }

    @Override
    public Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException {
        ContainerId id = invocation.containerId();
        Duration interval = GoDuration.interval(invocation, USUAL);
        Events events = new Events(invocation.host(), invocation.store(), id, new Lines(id));
        if (invocation.isSet("--stats")) {
            invocation.print(events.now());
            return Outcome.SUCCESS;
        }
        Call call = invocation.call();
        Optional<KeptWatch> kept = KeptWatch.in(call.environment());
        if (kept.isPresent()) {
            events.goOn(invocation.session(), CallerEnvironment.caller(call), kept.get());
        } else {
            events.begin(invocation.session(), CallerEnvironment.caller(call), interval);
        }
        return new Outcome.ShimEnds();
    }

    /** One JSON object a line. */
    private record Lines(ContainerId id) implements Events.Words {
        @Override
        public String stats(Usage.Counts counts) {
            return StatisticsDocument.event(id.text(), counts);
        }

        @Override
        public String oom() {
            JsonWriter json = JsonWriter.compact().beginObject();
            json.name("type").value("oom");
            json.name("id").value(id.text());
            return json.endObject() + "\n";
        }

        @Override
        public String error(ContainerException reason) {
            return "jrun: " + Printable.ofLines(reason.getMessage()) + "\n";
        }
    }
}
