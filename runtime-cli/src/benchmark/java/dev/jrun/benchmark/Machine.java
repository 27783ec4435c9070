// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine that was measured on.
 *
 * @param load the number of runnable processes before the benchmark, on average over a minute
 */
record Machine(String processor, int processors, long memoryMegabytes, String kernel, String system, double load) {

    static Machine here() throws IOException {
        return new Machine(
                value(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(value(Path.of("/proc/meminfo"), "MemTotal")
                                .orElse("0 kB")
                                .replace(" kB", ""))
                        / 1024,
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                value(Path.of("/etc/os-release"), "PRETTY_NAME").orElse("Linux").replace("\"", ""),
                Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]));
    }

    private static Optional<String> value(Path file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(name.length()).replaceFirst("^\\s*[:=]\\s*", ""))
                    .findFirst();
        }
    }

    /** Whether other work took so much of the processors that it shows in the times. */
    boolean isBusy() {
        return load > processors * 0.25;
    }

    @Override
    public String toString() {
        return "%d × %s, %d MB, %s, Linux %s".formatted(processors, processor, memoryMegabytes, system, kernel);
    }
}
