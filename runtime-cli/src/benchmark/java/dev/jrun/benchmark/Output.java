// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where results go: performance.md, with its chart performance.svg, and performance.json; performance-engines.md and
 * .svg.
 */
record Output(Path directory) {

    void write(Results results) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("performance.json"), results.toJson());
        Files.writeString(directory.resolve("performance.svg"), BarChart.of(results.measurements()));
        Files.writeString(directory.resolve("performance.md"), Page.of(results));
        System.out.println("\nwritten: " + directory + "/performance.md, .svg and .json");
    }

    void write(EnginesPage page) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("performance-engines.svg"), BarChart.of(page.measurements()));
        Files.writeString(directory.resolve("performance-engines.md"), page.toMarkdown());
        System.out.println("\nwritten: " + directory + "/performance-engines.md and .svg");
    }
}
