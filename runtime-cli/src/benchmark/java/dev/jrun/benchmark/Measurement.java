// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.Map;
import java.util.Optional;

/**
 * One case, and what came out of it.
 *
 * @param name in the results file
 * @param title for people
 * @param subjects in the order of measuring
 */
record Measurement(String name, String title, Unit unit, Map<String, Samples> subjects) {

    enum Unit {
        MILLISECONDS("ms", "%.2f"),
        MICROSECONDS("µs", "%.1f"),
        KILOBYTES("kB", "%.0f");

        private final String symbol;
        private final String format;

        Unit(String symbol, String format) {
            this.symbol = symbol;
            this.format = format;
        }

        String symbol() {
            return symbol;
        }

        String show(double value) {
            return value >= 100 ? "%.0f".formatted(value) : format.formatted(value);
        }
    }

    Optional<Samples> of(String subject) {
        return Optional.ofNullable(subjects.get(subject));
    }

    /** The median of jrun as a multiple of another subject's, if both were measured. */
    Optional<Double> ratio(String other) {
        return of("jrun").flatMap(jrun -> of(other).map(samples -> jrun.median() / samples.median()));
    }
}
