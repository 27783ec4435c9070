// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.List;
import java.util.Optional;

/**
 * What jrun is to reach in a case.
 *
 * @param measurement the case's name
 * @param against a subject, of whose median {@code limit} is a multiple; empty: {@code limit} is in the case's unit
 */
record Target(String measurement, String against, double limit) {

    static final List<Target> ALL = List.of(
            new Target("run", "crun", 0.5),
            new Target("run", "floor", 1.6),
            new Target("run-processor", "crun", 0.5),
            new Target("run-processor", "floor", 2),
            new Target("docker-processor", "crun", 0.25),
            new Target("force-delete-processor", "crun", 0.5),
            new Target("run-10", "crun", 0.55),
            new Target("run-50", "crun", 0.55),
            new Target("busy-run", "crun", 0.45),
            new Target("state", "crun", 0.6),
            new Target("state-processor", "crun", 0.3),
            new Target("pause", "crun", 0.5),
            new Target("update", "crun", 0.5),
            new Target("events", "runc", 0.5),
            new Target("exec", "crun", 0.45),
            new Target("exec", "runc", 0.15),
            new Target("exec-processor", "crun", 0.5),
            new Target("mount", "crun", 1),
            new Target("created-rss", "", 300),
            new Target("idle-engine", "", 64 << 10),
            new Target("cold-run", "", 90),
            new Target("cold-state", "", 60));

    static List<Target> of(Measurement measurement) {
        return ALL.stream()
                .filter(target -> target.measurement.equals(measurement.name()))
                .toList();
    }

    /** Whether it is reached; empty if it cannot be said, because one of the two was not measured. */
    Optional<Boolean> isReached(Measurement measurement) {
        return value(measurement).map(value -> value <= limit);
    }

    /** What is compared with {@code limit}. */
    Optional<Double> value(Measurement measurement) {
        return against.isEmpty() ? measurement.of("jrun").map(Samples::median) : measurement.ratio(against);
    }

    String describe(Measurement measurement) {
        return against.isEmpty()
                ? "≤ %.0f %s".formatted(limit, measurement.unit().symbol())
                : "≤ %s × %s".formatted(limit, against);
    }
}
