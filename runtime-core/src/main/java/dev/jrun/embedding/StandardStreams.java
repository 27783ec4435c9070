// SPDX-License-Identifier: Apache-2.0
package dev.jrun.embedding;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What becomes a process's standard input, output and error: files, or, where there is none, this JVM's own.
 *
 * @param input is read
 * @param output is made, if it is not there, and appended to
 * @param error likewise; may be the same
 */
public record StandardStreams(Optional<Path> input, Optional<Path> output, Optional<Path> error) {

    private static final Path NOTHING = Path.of("/dev/null");

    /** This JVM's own. */
    public static final StandardStreams INHERITED =
            new StandardStreams(Optional.empty(), Optional.empty(), Optional.empty());

    /** Nothing to read, and what is written goes to {@code output}. */
    public static StandardStreams to(Path output) {
        return new StandardStreams(Optional.of(NOTHING), Optional.of(output), Optional.of(output));
    }
}
