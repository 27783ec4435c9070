// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import dev.jrun.spec.Process;
import java.nio.file.Path;
import java.util.Optional;

/** Who gets the master side of a process's terminal. */
public sealed interface Console {

    /** The size that the terminal begins with; empty: none, 0 rows of 0 columns. */
    Optional<Process.ConsoleSize> size();

    /** Whether a line ends with a newline alone, without a carriage return. */
    default boolean endsLinesAsWritten() {
        return false;
    }

    /**
     * Whoever listens on a socket ({@code --console-socket}).
     *
     * @param socket absolute
     * @param size {@code process.consoleSize}
     */
    record Sent(Path socket, Optional<Process.ConsoleSize> size) implements Console {}

    /**
     * The caller, through the shim that stays in the foreground.
     *
     * @param configured {@code process.consoleSize}: for a caller without a terminal
     */
    record Relayed(CallerTerminals caller, Optional<Process.ConsoleSize> configured) implements Console {
        @Override
        public Optional<Process.ConsoleSize> size() {
            Optional<Process.ConsoleSize> size = caller.size();
            return size.isPresent() ? size : configured;
        }

        /**
         * What is no terminal gets the lines as they were written, as with runc; and a terminal that is not the input,
         * too, which does to them what it does to the caller's other programs.
         */
        @Override
        public boolean endsLinesAsWritten() {
            return !caller.isTerminal(0) || !caller.isTerminal(1);
        }
    }
}
