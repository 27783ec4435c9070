// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures commands with the program time-runs, whose plans it writes. */
final class Clock {

    /**
     * A turn's processor time is rounded, and an engine now and then collects garbage: each sample is the mean of so
     * many.
     */
    private static final int TURNS_IN_PROCESSOR_SAMPLE = 10;

    private final Commands commands;
    private final Path timeRuns;

    Clock(Commands commands, Path timeRuns) {
        this.commands = commands;
        this.timeRuns = timeRuns;
    }

    /**
     * What commands took, by their subjects.
     *
     * @param elapsed from before they were spawned until they had ended, milliseconds
     * @param processor the processor time of all that worked for them, milliseconds
     */
    record Times(Map<String, Samples> elapsed, Map<String, Samples> processor) {}

    /** What one subject does in its turn. */
    static final class Turn {
        private final String subject;
        private final StringBuilder steps = new StringBuilder();

        Turn(String subject) {
            this.subject = subject;
        }

        String subject() {
            return subject;
        }

        /** A process does some of it that goes on when the commands have ended. */
        Turn servedBy(long engine) {
            steps.append("engine ").append(engine).append('\n');
            return this;
        }

        Turn timed(List<String> command) {
            return step("timed ", command);
        }

        Turn untimed(List<String> command) {
            return step("untimed ", command);
        }

        /** Those that are at once elsewhere come one after the other here, over so many milliseconds, untimed. */
        Turn spread(int milliseconds, List<String> command) {
            return step("spread " + milliseconds + "\t", command);
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

    /**
     * Measures rounds of turns. In a command's arguments {@code {}} stands for which of those at once it is, and
     * {@code {round}} for the round, both from 0.
     */
    Times time(int rounds, int together, List<Turn> turns) {
        StringBuilder plan = new StringBuilder();
        turns.forEach(turn ->
                plan.append("subject ").append(turn.subject).append('\n').append(turn.steps));
        String output = commands.run(
                        List.of(timeRuns.toString(), Integer.toString(rounds), Integer.toString(together)),
                        plan.toString())
                .expect(0)
                .output();
        Map<String, List<Double>> elapsed = values(output, "time", rounds, turns);
        Map<String, List<Double>> processor = values(output, "processor", rounds, turns);
        processor.replaceAll((subject, values) -> means(values));
        return new Times(samples(elapsed), samples(processor));
    }

    /** Commands may have printed warnings in between. */
    private static Map<String, List<Double>> values(String output, String what, int rounds, List<Turn> turns) {
        Map<String, List<Double>> found = new LinkedHashMap<>();
        turns.forEach(turn -> found.put(turn.subject, new ArrayList<>()));
        output.lines().map(line -> line.split(" ")).forEach(words -> {
            if (words.length == 3
                    && found.containsKey(words[0])
                    && words[1].equals(what)
                    && words[2].matches("[0-9]+")) {
                found.get(words[0]).add(Long.parseLong(words[2]) / 1e6);
            }
        });
        found.forEach((subject, values) -> {
            if (values.size() != rounds) {
                throw new BenchmarkException(
                        "%d times of %s, not %d:%n%s".formatted(values.size(), subject, rounds, output));
            }
        });
        return found;
    }

    private static List<Double> means(List<Double> values) {
        List<Double> means = new ArrayList<>();
        for (int start = 0; start < values.size(); start += TURNS_IN_PROCESSOR_SAMPLE) {
            means.add(values.subList(start, Math.min(start + TURNS_IN_PROCESSOR_SAMPLE, values.size())).stream()
                    .mapToDouble(value -> value)
                    .average()
                    .orElseThrow());
        }
        return means;
    }

    private static Map<String, Samples> samples(Map<String, List<Double>> values) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        values.forEach((subject, list) -> samples.put(subject, new Samples(list)));
        return samples;
    }
}
