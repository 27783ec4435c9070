// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page docs/performance-engines.md.
 *
 * @param versions of the programs, by their names
 */
record EnginesPage(
        int rounds, LocalDate day, Machine machine, Map<String, String> versions, List<Measurement> measurements) {

    private static final List<String> SUBJECTS = List.of("jrun", "crun", "runc");

    static EnginesPage of(int rounds, Machine machine, Map<String, String> versions, List<Measurement> measurements) {
        return new EnginesPage(rounds, LocalDate.now(ZoneOffset.UTC), machine, versions, measurements);
    }

    String toMarkdown() {
        return """
               # Performance under engines

               <!-- Written by scripts/benchmark-engines --write-docs. -->

               This page says how long engines' commands take with each runtime, from before they are spawned until they have ended.
               Most of that time is the engine's own work, which is the same for all runtimes.

               ![chart of the medians](performance-engines.svg)

               Times are medians in milliseconds, with the 90th percentile in brackets.

               | | jrun | crun | runc | jrun / crun | jrun / runc |
               | --- | --- | --- | --- | --- | --- |
               %s

               ## How it was measured

               - On %s, %s.
               - Load average before: %.2f%s.
               %s
               - %d rounds, in which the runtimes take turns (jrun, crun, runc, jrun, …), after one that is not counted. No environment
                 variable is set: jrun's engine stays by itself; in namespaces of its own, as long as somebody else is in them.
               - The image has only busybox. There is no network; cgroups are made by cgroupfs; seccomp profiles and storage are the
                 engines' defaults.
               - *In namespaces of its own* means that the engine and its daemons run in mount, pid, network, uts and ipc namespaces of
                 their own, as in a container.
               - On a host with cgroup v1 and v2 side by side, crun refuses to work under any engine. The namespaces show only v1.

               ## Repeat it

               ```console
               $ scripts/benchmark-engines                # some minutes; results in runtime-cli/target/benchmark/
               $ scripts/benchmark-engines --write-docs   # writes this page; needs a quiet machine
               ```
               """.formatted(
                measurements.stream().map(this::row).collect(Collectors.joining("\n")),
                day,
                machine,
                machine.load(),
                machine.isBusy() ? ": other work was going on, so the times are too high" : "",
                versions.values().stream().map(version -> "- " + version).collect(Collectors.joining("\n")),
                rounds);
    }

    private String row(Measurement measurement) {
        return "| " + measurement.title() + " | "
                + SUBJECTS.stream()
                        .map(subject -> measurement
                                .of(subject)
                                .map(samples -> "%.0f (%.0f)".formatted(samples.median(), samples.p90()))
                                .orElse("–"))
                        .collect(Collectors.joining(" | "))
                + " | " + ratio(measurement, "crun") + " | " + ratio(measurement, "runc") + " |";
    }

    private static String ratio(Measurement measurement, String other) {
        return measurement.ratio(other).map("%.2f"::formatted).orElse("–");
    }
}
