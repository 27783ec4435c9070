// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.launch.terminal.CallerTerminals;
import java.util.List;

/**
 * How the shim was called, for a shim that goes on as a copy of itself.
 *
 * @param home the root of the distribution
 * @param arguments without the program's name; none for a shim that a Java program started: there is no call that it
 *     could make again by itself
 * @param environment entries {@code NAME=value}, for hooks; the shim has its own
 * @param terminals its standard streams
 */
public record Caller(String home, List<String> arguments, List<String> environment, CallerTerminals terminals) {
    public Caller {
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
    }

    /** The same, for a call that cannot be made again from here on: what it has read is not there a second time. */
    public Caller withoutCall() {
        return new Caller(home, List.of(), environment, terminals);
    }
}
