// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.spec.reading.Spelling;
import java.util.Collection;

/** Arguments that jrun does not understand. */
public final class UsageException extends CommandException {

    /** What runc ends with on a command that it does not know. */
    private static final int UNKNOWN_COMMAND = 3;

    /** Of {@code -froce} picocli takes the short options that it knows, and says this of the rest. */
    private static final String WITHIN = " (while processing option: '";

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

    /**
     * No command of this name.
     *
     * @param names of those that there are, one of which may have been meant
     */
    public static UsageException unknownCommand(String name, Collection<String> names) {
        String meant = Spelling.nearest(name, names)
                .map(nearest -> "; did you mean \"" + nearest + "\"?")
                .orElse("");
        return new UsageException("there is no command \"" + name + '"' + meant, UNKNOWN_COMMAND, "Try jrun --help\n");
    }

    /**
     * No option of this name.
     *
     * @param command that it was given to; empty: in front of it
     * @param word what picocli says of it: as it was given, with its value if that is behind a {@code =}
     * @param names of those that there are, dashes included, one of which may have been meant
     */
    public static UsageException unknownOption(String command, String word, Collection<String> names) {
        int within = word.indexOf(WITHIN);
        String given = within < 0 ? word : word.substring(within + WITHIN.length(), word.lastIndexOf("')"));
        int equals = given.indexOf('=');
        String name = equals < 0 ? given : given.substring(0, equals);
        // runc, and so jrun, understands a long option with one dash too.
        String meant = Spelling.nearest(name.startsWith("--") ? name : "-" + name, names)
                .filter(nearest -> nearest.startsWith("--"))
                .map(nearest -> "; did you mean '" + nearest + "'?")
                .orElse("");
        String unknown = within < 0 ? "'" + given + "'" : "'" + word.substring(0, within) + "' in '" + given + "'";
        return of(command, "Unknown option: " + unknown + meant);
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
