// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

/** How much a call says besides errors: crun's {@code --log-level}, and what conmon-rs passes. */
public enum LogLevel {
    ERROR,
    WARNING,
    DEBUG;

    /**
     * The level of this name.
     *
     * @throws CommandException if there is none
     */
    static LogLevel of(String name) throws CommandException {
        return switch (name) {
            case "error" -> ERROR;
            case "warning", "info" -> WARNING;
            case "debug" -> DEBUG;
            default -> throw CommandException.ofValue("--log-level", name, "error, warning, info, debug");
        };
    }
}
