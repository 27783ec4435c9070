// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The results as rows: medians, ratios, and whether the targets are reached.
 *
 * @param rows each as long as the header
 */
record Table(List<String> header, List<List<String>> rows) {
    /** In the order of columns. */
    private static final List<String> OTHERS = List.of("crun", "new-crun", "runc", "new-runc", "floor");

    private static final String NOTHING = "–";

    static Table of(Results results) {
        List<String> others = OTHERS.stream()
                .filter(other -> results.measurements().stream()
                        .anyMatch(measurement -> measurement.of(other).isPresent()))
                .toList();
        List<String> header = Stream.of(
                        Stream.of("", "unit", "jrun"),
                        others.stream(),
                        others.stream().map(other -> "jrun / " + other),
                        Stream.of("target", ""))
                .flatMap(cells -> cells)
                .toList();
        List<List<String>> rows = new ArrayList<>();
        results.measurements().forEach(measurement -> rows.add(row(measurement, others)));
        rows.add(engineRow(results.engineMemory(), others));
        return new Table(header, rows);
    }

    private static List<String> row(Measurement measurement, List<String> others) {
        List<Target> targets = Target.of(measurement);
        return Stream.of(
                        Stream.of(measurement.title(), measurement.unit().symbol()),
                        Stream.concat(Stream.of("jrun"), others.stream())
                                .map(subject -> measurement
                                        .of(subject)
                                        .map(samples -> show(measurement, samples))
                                        .orElse(NOTHING)),
                        others.stream()
                                .map(other -> measurement
                                        .ratio(other)
                                        .map("%.2f"::formatted)
                                        .orElse(NOTHING)),
                        Stream.of(
                                targets.stream()
                                        .map(target -> target.describe(measurement))
                                        .collect(Collectors.joining(", ")),
                                targets.stream()
                                        .map(target -> target.isReached(measurement)
                                                .map(Table::verdict)
                                                .orElse("?"))
                                        .collect(Collectors.joining(", "))))
                .flatMap(cells -> cells)
                .toList();
    }

    /** Times have a spread worth seeing. */
    private static String show(Measurement measurement, Samples samples) {
        String median = measurement.unit().show(samples.median());
        return switch (measurement.unit()) {
            case MILLISECONDS, MICROSECONDS ->
                median + " (" + measurement.unit().show(samples.p90()) + ")";
            case KILOBYTES -> median;
        };
    }

    private static List<String> engineRow(EngineMemory memory, List<String> others) {
        return Stream.of(
                        Stream.of(
                                "engine after %,d runs, resident"
                                        .formatted(memory.last().runs()),
                                "kB",
                                Long.toString(memory.last().memory().rss())),
                        Collections.nCopies(2 * others.size(), NOTHING).stream(),
                        Stream.of(
                                "flat: ≤ +%.0f %% from half of them on".formatted(EngineMemory.FLAT * 100),
                                "%+.1f %%: %s".formatted(memory.growth() * 100, verdict(memory.isFlat()))))
                .flatMap(cells -> cells)
                .toList();
    }

    private static String verdict(boolean reached) {
        return reached ? "yes" : "no";
    }

    /** For a terminal. */
    String toText() {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < header.size(); column++) {
            int index = column;
            widths.add(Stream.concat(Stream.of(header), rows.stream())
                    .mapToInt(row -> row.get(index).length())
                    .max()
                    .orElse(0));
        }
        return Stream.concat(Stream.of(header), rows.stream())
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int column = 0; column < row.size(); column++) {
                        line.append(("%-" + Math.max(1, widths.get(column)) + "s  ").formatted(row.get(column)));
                    }
                    return line.toString().stripTrailing();
                })
                .collect(Collectors.joining("\n"));
    }

    String toMarkdown() {
        return Stream.of(Stream.of(header, header.stream().map(cell -> "---").toList()), rows.stream())
                .flatMap(lines -> lines)
                .map(row -> "| " + String.join(" | ", row) + " |")
                .collect(Collectors.joining("\n"));
    }
}
