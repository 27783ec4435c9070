// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.spec.reading.ConfigReader;
import dev.jrun.spec.reading.ProblemCollector;
import dev.jrun.spec.reading.ProcessReader;
import dev.jrun.spec.reading.Reading;

/** For a fuzzer ({@code scripts/fuzz}): readers never throw, whatever they are given, and have a value or a problem. */
public final class ReaderFuzz {
    private ReaderFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] document) {
        check(ConfigReader.read(document));
        check(ConfigReader.draftToRun(document).reading());
        check(ProcessReader.read(document));
    }

    static void check(Reading<?> reading) {
        if (reading.value().isPresent() != reading.problems().isEmpty()) {
            throw new IllegalStateException("a value and problems, or none of both: " + reading);
        }
        if (reading.problems().size() > ProblemCollector.MAX_PROBLEMS + 1
                || reading.warnings().size() > ProblemCollector.MAX_PROBLEMS + 1) {
            throw new IllegalStateException("too many problems or warnings: " + reading);
        }
        reading.problems().forEach(ReaderFuzz::check);
        reading.warnings().forEach(ReaderFuzz::check);
    }

    private static void check(Problem problem) {
        String line = problem.in("config.json");
        if (problem.message().isEmpty() || line.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalStateException("not a line: " + line);
        }
    }
}
