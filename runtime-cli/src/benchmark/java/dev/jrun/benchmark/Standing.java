// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where jrun is ahead of the other runtimes and where it is not, and which targets it misses. */
final class Standing {
    private static final List<String> PEERS = List.of("crun", "new-crun", "runc", "new-runc");

    private Standing() {}

    /** A list in Markdown. */
    static String of(Results results) {
        return Stream.concat(
                        PEERS.stream().flatMap(peer -> against(peer, results)),
                        results.measurements().stream().flatMap(Standing::missed))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> against(String peer, Results results) {
        List<Measurement> compared = results.measurements().stream()
                .filter(measurement -> measurement.ratio(peer).isPresent())
                .toList();
        List<String> behind = compared.stream()
                .filter(measurement -> measurement.ratio(peer).orElseThrow() >= 1)
                .map(measurement -> "  - " + measurement.title())
                .toList();
        if (compared.isEmpty()) {
            return Stream.empty();
        }
        String ahead = "- Ahead of " + peer + " in " + (compared.size() - behind.size()) + " of " + compared.size()
                + " cases" + (behind.isEmpty() ? "." : ", but not in:");
        return Stream.concat(Stream.of(ahead), behind.stream());
    }

    private static Stream<String> missed(Measurement measurement) {
        return Target.of(measurement).stream()
                .filter(target -> !target.isReached(measurement).orElse(true))
                .map(target -> "- Target missed: " + measurement.title() + ", " + target.describe(measurement)
                        + ": it is "
                        + target.value(measurement).map("%.2f"::formatted).orElseThrow());
    }
}
