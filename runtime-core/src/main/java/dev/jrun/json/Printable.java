// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import java.util.stream.Collectors;

/**
 * Text from elsewhere in a form that is safe to print: everything that could confuse a terminal or break a line is
 * escaped.
 */
public final class Printable {
    private Printable() {}

    /** The same of several lines. */
    public static String ofLines(String text) {
        return text.lines().map(Printable::of).collect(Collectors.joining("\n"));
    }

    /** The text, on one line. */
    public static String of(String text) {
        return isPlain(text) ? text : escaped(text);
    }

    /** Nearly all text is. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            append(printable, point);
            i += Character.charCount(point);
        }
        return printable.toString();
    }

    static void append(StringBuilder printable, int point) {
        switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> printable.append(String.format("\\u%04x", point));
            default -> printable.appendCodePoint(point);
        }
    }
}
