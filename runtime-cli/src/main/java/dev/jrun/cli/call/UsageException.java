// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

/** Arguments that jrun does not understand. */
public final class UsageException extends CommandException {

    /** What runc ends with on a command that it does not know. */
    private static final int UNKNOWN_COMMAND = 3;

    private final int exitCode;
    private final String hint;

    private UsageException(String message, int exitCode, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** Wrong options or arguments of {@code command}; empty: in front of it. */
    public static UsageException of(String command, String message) {
        return new UsageException(message, 1, "Try jrun " + (command.isEmpty() ? "" : command + " ") + "--help\n");
    }

    /** No command of this name. */
    public static UsageException unknownCommand(String name) {
        return new UsageException("there is no command \"" + name + '"', UNKNOWN_COMMAND, "Try jrun --help\n");
    }

    /**
     * A command that other runtimes have. Clients that probe for it, as Podman does for checkpoint, find that it is not
     * there.
     */
    public static UsageException notYet(String name) {
        return new UsageException(
                "there is no command \"" + name + "\" in this version", UNKNOWN_COMMAND, "Try jrun --help\n");
    }

    @Override
    public int exitCode() {
        return exitCode;
    }

    @Override
    String hint() {
        return hint;
    }
}
