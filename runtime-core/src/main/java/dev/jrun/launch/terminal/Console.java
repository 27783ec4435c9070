// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import dev.jrun.spec.Process;
import java.nio.file.Path;
import java.util.Optional;

/** Who gets the master side of a process's terminal. */
public sealed interface Console {

    /** The size that the terminal begins with; empty: none, 0 rows of 0 columns. */
    Optional<Process.ConsoleSize> size();

    /**
     * Whoever listens on a socket ({@code --console-socket}).
     *
     * @param socket absolute
     * @param size {@code process.consoleSize}
     */
    record Sent(Path socket, Optional<Process.ConsoleSize> size) implements Console {}
}
