// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.json.Printable;
import java.util.List;

/** A call that cannot be done. The message is all that its caller is told. */
public class CommandException extends Exception {

    /** In characters. What it quotes may be as long as a container likes. */
    private static final int LONGEST = 32 << 10;

    public CommandException(String message) {
        super(shortened(message));
    }

    /**
     * A value that an option does not take.
     *
     * @param option with its dashes
     * @param allowed the values that it takes, or what they are
     */
    public static CommandException ofValue(String option, String found, String allowed) {
        return new CommandException("invalid value for " + option + ": found \"" + found + "\"; allowed: " + allowed);
    }

    /** The reason comes last, and so the end is kept as well as the beginning. */
    private static String shortened(String message) {
        if (message == null || message.length() <= LONGEST) {
            return message;
        }
        int half = LONGEST / 2;
        return message.substring(0, half) + " [" + (message.length() - LONGEST) + " characters left out] "
                + message.substring(message.length() - half);
    }

    /** The message, and what else there is to be said of its kind, for who gets one message only. */
    String messageWith(List<String> others) {
        return others.isEmpty() ? getMessage() : shortened(getMessage() + ": " + String.join("; ", others));
    }

    /** 1 to 255. */
    public int exitCode() {
        return 1;
    }

    /** Where to look for help, as one line; empty if there is none. */
    String hint() {
        return "";
    }

    /** What a caller is told. Parts of it may come from a document, an image, or a container. */
    public String report() {
        return "jrun: " + Printable.ofLines(getMessage()) + "\n" + hint();
    }
}
