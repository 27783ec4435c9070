// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run of the benchmark found.
 *
 * @param versions of the runtimes, by their names
 * @param cache whether jrun's distribution has an AOT cache
 */
record Results(
        Instant time,
        Effort effort,
        Machine machine,
        Map<String, String> versions,
        boolean cache,
        Bundle.Devices devices,
        List<Measurement> measurements,
        EngineMemory engineMemory) {

    /** All of it, for programs. */
    String toJson() {
        return """
               {
                 "time": %s,
                 "machine": {
                   "processor": %s,
                   "processors": %d,
                   "memoryMegabytes": %d,
                   "kernel": %s,
                   "system": %s,
                   "load": %s
                 },
                 "versions": {%s},
                 "aotCache": %s,
                 "devices": %s,
                 "measurements": [
               %s
                 ],
                 "engineMemory": [
               %s
                 ]
               }
               """.formatted(
                        quote(time.toString()),
                        quote(machine.processor()),
                        machine.processors(),
                        machine.memoryMegabytes(),
                        quote(machine.kernel()),
                        quote(machine.system()),
                        machine.load(),
                        versions.entrySet().stream()
                                .map(entry -> quote(entry.getKey()) + ": " + quote(entry.getValue()))
                                .collect(Collectors.joining(", ")),
                        cache,
                        quote(devices.toString()),
                        measurements.stream().map(Results::toJson).collect(Collectors.joining(",\n")),
                        engineMemory.samples().stream()
                                .map(sample -> "    {\"runs\": %d, \"rssKilobytes\": %d, \"pssKilobytes\": %d}"
                                        .formatted(
                                                sample.runs(),
                                                sample.memory().rss(),
                                                sample.memory().pss()))
                                .collect(Collectors.joining(",\n")));
    }

    private static String toJson(Measurement measurement) {
        return "    {\"name\": %s, \"title\": %s, \"unit\": %s, \"subjects\": {\n%s\n    }}"
                .formatted(
                        quote(measurement.name()),
                        quote(measurement.title()),
                        quote(measurement.unit().symbol()),
                        measurement.subjects().entrySet().stream()
                                .map(entry ->
                                        "      %s: {\"median\": %.4f, \"p90\": %.4f, \"least\": %.4f, \"samples\": %d}"
                                                .formatted(
                                                        quote(entry.getKey()),
                                                        entry.getValue().median(),
                                                        entry.getValue().p90(),
                                                        entry.getValue().least(),
                                                        entry.getValue().count()))
                                .collect(Collectors.joining(",\n")));
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(character -> {
            switch (character) {
                case '"', '\\' -> quoted.append('\\').append((char) character);
                default -> {
                    if (character < ' ') {
                        quoted.append("\\u%04x".formatted(character));
                    } else {
                        quoted.append((char) character);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
