// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.util.OptionalInt;

/**
 * What the shim, or a service manager through the shim, tells an engine when starting it.
 *
 * @param socket where to listen: an absolute path; empty if the engine is not to listen
 * @param build the build that the engine is part of
 * @param idleSeconds how long to stay without a call, 0 or more; empty if not specified
 */
public record EngineSettings(String socket, String build, OptionalInt idleSeconds) {

    private static final int DEFAULT_IDLE_SECONDS = 300;

    /**
     * Reads the system properties jrun.socket, jrun.build and jrun.idle.
     *
     * @throws IllegalArgumentException if jrun.idle is not a number of seconds
     */
    public static EngineSettings ofProperties() {
        return new EngineSettings(
                System.getProperty("jrun.socket", ""),
                System.getProperty("jrun.build", ""),
                idle(System.getProperty("jrun.idle")));
    }

    private static OptionalInt idle(String text) {
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 0) {
                return OptionalInt.of(seconds);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                "JRUN_ENGINE_IDLE is a number of seconds, such as 300 or 0, not \"" + text + '"');
    }

    /** Whether an engine that was started by a call stays when the call is over, as far as its starter is concerned. */
    boolean staysAfterCall() {
        return !socket.isEmpty() && secondsToStay() > 0;
    }

    /** How long an engine that was started by a call stays without another one. */
    int secondsToStay() {
        return idleSeconds.orElse(DEFAULT_IDLE_SECONDS);
    }

    /** These settings with another socket. */
    EngineSettings at(String otherSocket) {
        return new EngineSettings(otherSocket, build, idleSeconds);
    }
}
