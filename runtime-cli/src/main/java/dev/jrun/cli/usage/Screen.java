// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import java.util.List;

/**
 * A table that is drawn over the previous one. Only the terminal's content changes, so nothing must be restored when
 * the call ends: the cursor stays visible, below the table.
 *
 * @see <a href="https://man7.org/linux/man-pages/man4/console_codes.4.html">console_codes(4)</a>
 */
final class Screen {

    private static final String HOME = "\033[H";
    private static final String CLEAR = "\033[2J";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    private Screen() {}

    /** Draws on a screen that shows something else. */
    static String first(List<String> lines, int height, int width) {
        return CLEAR + next(lines, height, width);
    }

    /**
     * Draws over the table before.
     *
     * @param height in lines, of which the last one is the cursor's; 0: any number
     * @param width in characters, since a line that is broken takes the place of two; 0: any number
     */
    static String next(List<String> lines, int height, int width) {
        int most = height == 0 ? lines.size() : Math.max(1, height - 1);
        StringBuilder text = new StringBuilder(HOME);
        boolean all = lines.size() <= most;
        List<String> shown = all ? lines : lines.subList(0, most - 1);
        for (String line : shown) {
            text.append(width == 0 ? line : fit(line, width)).append(CLEAR_LINE).append('\n');
        }
        if (!all) {
            text.append("… ")
                    .append(lines.size() - shown.size())
                    .append(" more")
                    .append(CLEAR_LINE)
                    .append('\n');
        }
        return text.append(CLEAR_BELOW).toString();
    }

    /** As much of {@code text} as has room in so many characters, with a mark where there is more. */
    static String fit(String text, int width) {
        return text.codePointCount(0, text.length()) <= width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
    }
}
