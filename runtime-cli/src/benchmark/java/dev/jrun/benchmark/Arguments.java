// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The command line.
 *
 * @param jrun the distribution
 * @param tools where floor and time-runs are
 * @param work an empty directory
 * @param newer further runtimes by name, of a newer Debian
 */
record Arguments(
        Effort effort, Distribution jrun, Path tools, Path work, SequencedMap<String, Path> newer, Output output) {

    static Arguments parse(String[] words) {
        Effort effort = Effort.FULL;
        Path jrun = null;
        Path tools = null;
        Path work = null;
        Path results = null;
        Path docs = null;
        SequencedMap<String, Path> newer = new LinkedHashMap<>();
        for (int n = 0; n < words.length; n++) {
            switch (words[n]) {
                case "--quick" -> effort = Effort.QUICK;
                case "--jrun" -> jrun = path(words, ++n);
                case "--tools" -> tools = path(words, ++n);
                case "--work" -> work = path(words, ++n);
                case "--results" -> results = path(words, ++n);
                case "--newer" -> {
                    Path program = path(words, ++n);
                    newer.put("new-" + program.getFileName(), program);
                }
                case "--docs" -> docs = path(words, ++n);
                default -> throw new IllegalArgumentException("unknown option " + words[n]);
            }
        }
        if (jrun == null || tools == null || work == null || results == null) {
            throw new IllegalArgumentException("--jrun, --tools, --work and --results are needed");
        }
        return new Arguments(
                effort, new Distribution(jrun), tools, work, newer, new Output(docs == null ? results : docs));
    }

    private static Path path(String[] words, int n) {
        if (n == words.length) {
            throw new IllegalArgumentException(words[n - 1] + " needs a path");
        }
        return Path.of(words[n]).toAbsolutePath();
    }
}
