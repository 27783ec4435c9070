// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import java.util.List;

/**
 * How many arguments a command takes, options not counted.
 *
 * @param least 0 or more
 * @param most not less than {@code least}
 * @param label what help calls them
 */
public record Arguments(int least, int most, String label) {

    public static final Arguments NONE = new Arguments(0, 0, "");
    public static final Arguments CONTAINER = new Arguments(1, 1, "CONTAINER");

    /**
     * Checks their number.
     *
     * @throws CommandException if there are too few or too many
     */
    public void check(String command, List<String> given) throws CommandException {
        if (given.size() >= least && given.size() <= most) {
            return;
        }
        String wanted;
        if (least == most) {
            wanted = "exactly " + least;
        } else if (given.size() < least) {
            wanted = "a minimum of " + least;
        } else {
            wanted = "a maximum of " + most;
        }
        throw UsageException.of(command, '"' + command + "\" requires " + wanted + " argument(s)");
    }
}
