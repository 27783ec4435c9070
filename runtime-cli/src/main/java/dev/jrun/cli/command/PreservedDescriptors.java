// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.UsageException;

/** {@code --preserve-fds}. */
final class PreservedDescriptors {

    /** Each takes a few instructions of a launch program, and there are hardly ever more than two or three. */
    static final int MOST = 4096;

    private PreservedDescriptors() {}

    /** How many there are to be from 3 on. */
    static int named(Invocation invocation) throws CommandException {
        String text = invocation.option("--preserve-fds", "0");
        int number = number(text);
        if (number < 0) {
            throw UsageException.of(
                    invocation.name(), "--preserve-fds is a number of descriptors, not \"" + text + '"');
        }
        return number;
    }

    /** −1 if the text is no such number. */
    static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
