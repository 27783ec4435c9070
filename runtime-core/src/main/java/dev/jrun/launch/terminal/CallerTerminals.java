// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.terminal;

import dev.jrun.spec.Process;
import java.util.Optional;

/**
 * Which of a caller's standard streams are terminals.
 *
 * @param streams bit n is set if descriptor n (0 to 2) is one
 * @param rows of the first of these, 0 if there is none
 * @param columns of the first of these, 0 if there is none
 */
public record CallerTerminals(int streams, int rows, int columns) {

    public static final CallerTerminals NONE = new CallerTerminals(0, 0, 0);

    /** Of relays: no descriptor. */
    private static final int NO_DESCRIPTOR = -1;

    boolean isTerminal(int descriptor) {
        return (streams & 1 << descriptor) != 0;
    }

    /** The descriptor of the first of them, −1 if there is none. */
    int first() {
        return streams == 0 ? NO_DESCRIPTOR : Integer.numberOfTrailingZeros(streams);
    }

    /** How large that is. */
    Optional<Process.ConsoleSize> size() {
        return rows == 0 || columns == 0 ? Optional.empty() : Optional.of(new Process.ConsoleSize(rows, columns));
    }
}
