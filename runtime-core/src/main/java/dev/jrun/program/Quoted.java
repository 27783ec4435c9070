// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** Foreign text, such as a configuration's, in a form that has no effect on a terminal or on surrounding lines. */
public final class Quoted {

    private Quoted() {}

    /** In double quotes, as C and Java write strings. */
    public static String text(String text) {
        return '"' + escape(text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    /** Without what is invisible or moves the cursor. */
    public static String escape(String text) {
        return isPlain(text) ? text : escapeEach(text);
    }

    /** Nearly all text is, and what a start may report is written to each container's state. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String escapeEach(String text) {
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                case '\r' -> line.append("\\r");
                default -> {
                    if (isVisible(c)) {
                        line.appendCodePoint(c);
                    } else {
                        line.append(c > 0xffff ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
                    }
                }
            }
        });
        return line.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
