// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What containers had used at one moment. A call says that to the next one in its environment, since that may be another engine's.
 *
 * @param time in nanoseconds, of the clock that all engines of a machine have
 */
record Samples(long time, Map<String, Sample> byId) {

    /** With each of as many bytes as an id may have, this is what a variable of the environment may have (MAX_ARG_STRLEN of execve(2)). */
    private static final int MOST_CHARACTERS = 120 << 10;

    private static final int FIELDS = 4;

    /** That moment is now. System.nanoTime is clock_gettime(2) of CLOCK_MONOTONIC on Linux, in every JVM. */
    static Samples ofNow() {
        return new Samples(System.nanoTime(), new HashMap<>());
    }

    void add(Sample sample) {
        byId.put(sample.id(), sample);
    }

    Optional<Sample> of(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** All that fits; of others no rates are known then. */
    String text() {
        StringBuilder text = new StringBuilder().append(time);
        for (Sample sample : byId.values()) {
            String one = " " + sample.id() + " " + sample.cpu() + " " + sample.read() + " " + sample.written();
            if (text.length() + one.length() < MOST_CHARACTERS) {
                text.append(one);
            }
        }
        return text.toString();
    }

    /** What {@link #text} said; empty if it is nothing of the kind. */
    static Optional<Samples> parse(String text) {
        String[] words = text.split(" ");
        if (words.length % FIELDS != 1) {
            return Optional.empty();
        }
        try {
            var samples = new Samples(Long.parseLong(words[0]), new HashMap<>());
            for (int i = 1; i < words.length; i += FIELDS) {
                samples.add(new Sample(
                        words[i],
                        Long.parseLong(words[i + 1]),
                        Long.parseLong(words[i + 2]),
                        Long.parseLong(words[i + 3])));
            }
            return Optional.of(samples);
        } catch (NumberFormatException somebodyElses) {
            return Optional.empty();
        }
    }
}
