// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times commands with the program time-runs, whose plans it writes. */
final class Clock {
    private final Commands commands;
    private final Path timeRuns;

    Clock(Commands commands, Path timeRuns) {
        this.commands = commands;
        this.timeRuns = timeRuns;
    }

    /** What one subject does in its turn. */
    static final class Turn {
        private final String subject;
        private final StringBuilder steps = new StringBuilder();

        Turn(String subject) {
            this.subject = subject;
        }

        Turn timed(List<String> command) {
            return step("timed ", command);
        }

        Turn untimed(List<String> command) {
            return step("untimed ", command);
        }

        /** Waits, timed, until the processes that the commands have left behind have ended. */
        Turn reap() {
            steps.append("reap\n");
            return this;
        }

        private Turn step(String kind, List<String> command) {
            steps.append(kind).append(String.join("\t", command)).append('\n');
            return this;
        }
    }

    /** Times rounds of turns. In a command's arguments {@code {}} stands for which of those at once it is, from 0. */
    Map<String, Samples> time(int rounds, int together, List<Turn> turns) {
        StringBuilder plan = new StringBuilder();
        turns.forEach(turn ->
                plan.append("subject ").append(turn.subject).append('\n').append(turn.steps));
        String output = commands.run(
                        List.of(timeRuns.toString(), Integer.toString(rounds), Integer.toString(together)),
                        plan.toString())
                .expect(0)
                .output();
        Map<String, List<Double>> times = new LinkedHashMap<>();
        turns.forEach(turn -> times.put(turn.subject, new ArrayList<>()));
        // Commands may have printed warnings in between.
        output.lines().map(line -> line.split(" ")).forEach(words -> {
            if (words.length == 2 && times.containsKey(words[0]) && words[1].matches("[0-9]+")) {
                times.get(words[0]).add(Long.parseLong(words[1]) / 1e6);
            }
        });
        Map<String, Samples> samples = new LinkedHashMap<>();
        times.forEach((subject, values) -> {
            if (values.size() != rounds) {
                throw new BenchmarkException(
                        "%d times of %s, not %d:%n%s".formatted(values.size(), subject, rounds, output));
            }
            samples.put(subject, new Samples(values));
        });
        return samples;
    }
}
