// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import dev.jrun.container.Consumption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What containers had used at the last look. A call passes it to the next one in its environment, since another engine
 * may serve that one.
 */
record Samples(Map<String, Sample> byId) {

    /**
     * With each of as many bytes as an id may have, this is what a variable of the environment may have (MAX_ARG_STRLEN
     * of execve(2)).
     */
    private static final int MOST_CHARACTERS = 120 << 10;

    private static final int FIELDS = 6;

    /** There may be no samples, and the next call is to know that there was a look. */
    private static final String BEGINNING = "samples";

    /** Those that fit. Of others no rates are known at the next look: of those that have used least processor time. */
    static Samples of(List<Consumption> containers) {
        List<Consumption> sorted = new ArrayList<>(containers);
        sorted.sort(Comparator.comparingLong((Consumption one) -> -one.cpu()).thenComparing(Consumption::id));
        var samples = new Samples(new HashMap<>());
        int length = BEGINNING.length();
        for (Consumption container : sorted) {
            Sample sample = Sample.of(container);
            length += text(sample).length();
            if (length > MOST_CHARACTERS) {
                return samples;
            }
            samples.byId.put(sample.id(), sample);
        }
        return samples;
    }

    int size() {
        return byId.size();
    }

    /** What was said of this container, and not of one before it with the same id. */
    Optional<Sample> of(Consumption container) {
        Sample sample = byId.get(container.id());
        return sample != null && sample.isOf(container) ? Optional.of(sample) : Optional.empty();
    }

    String text() {
        StringBuilder text = new StringBuilder(BEGINNING);
        for (Sample sample : byId.values()) {
            text.append(text(sample));
        }
        return text.toString();
    }

    private static String text(Sample sample) {
        return " " + sample.id() + " " + sample.started() + " " + sample.time() + " " + sample.cpu() + " "
                + sample.read() + " " + sample.written();
    }

    /** What {@link #text} said; empty if it is nothing of the kind. */
    static Optional<Samples> parse(String text) {
        String[] words = text.split(" ");
        if (!words[0].equals(BEGINNING) || words.length % FIELDS != 1) {
            return Optional.empty();
        }
        try {
            Map<String, Sample> samples = new HashMap<>();
            for (int i = 1; i < words.length; i += FIELDS) {
                samples.put(
                        words[i],
                        new Sample(
                                words[i],
                                Long.parseLong(words[i + 1]),
                                Long.parseLong(words[i + 2]),
                                Long.parseLong(words[i + 3]),
                                Long.parseLong(words[i + 4]),
                                Long.parseLong(words[i + 5])));
            }
            return Optional.of(new Samples(samples));
        } catch (NumberFormatException somebodyElses) {
            return Optional.empty();
        }
    }
}
