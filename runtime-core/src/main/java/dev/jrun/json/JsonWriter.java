// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

/** Writes JSON as Go's encoding/json does, since that is what callers compare with. */
public final class JsonWriter {

    private final StringBuilder out = new StringBuilder(512);
    private final String indent;
    private int depth;
    private boolean first = true;
    private boolean afterName;

    private JsonWriter(String indent) {
        this.indent = indent;
    }

    /** A writer that puts everything on one line. */
    public static JsonWriter compact() {
        return new JsonWriter("");
    }

    /** A writer that begins a new line for every value, shifted by {@code indent} per level. */
    public static JsonWriter indented(String indent) {
        return new JsonWriter(indent);
    }

    public JsonWriter beginObject() {
        return begin('{');
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray() {
        return begin('[');
    }

    public JsonWriter endArray() {
        return end(']');
    }

    /** Begins a member of an object; its value is to follow. */
    public JsonWriter name(String name) {
        separate();
        quote(name);
        out.append(indent.isEmpty() ? ":" : ": ");
        afterName = true;
        return this;
    }

    public JsonWriter value(String text) {
        separate();
        quote(text);
        return this;
    }

    public JsonWriter value(long number) {
        separate();
        out.append(number);
        return this;
    }

    public JsonWriter value(boolean truth) {
        separate();
        out.append(truth);
        return this;
    }

    /** A number of any size, as it is written in JSON. */
    JsonWriter number(String digits) {
        separate();
        out.append(digits);
        return this;
    }

    /** {@code null}. */
    JsonWriter nothing() {
        separate();
        out.append("null");
        return this;
    }

    /** An array of strings. */
    public JsonWriter values(Iterable<String> texts) {
        beginArray();
        for (String text : texts) {
            value(text);
        }
        return endArray();
    }

    private JsonWriter begin(char bracket) {
        separate();
        out.append(bracket);
        depth++;
        first = true;
        return this;
    }

    private JsonWriter end(char bracket) {
        depth--;
        if (!first) {
            newLine();
        }
        first = false;
        out.append(bracket);
        return this;
    }

    private void separate() {
        if (afterName) {
            afterName = false;
            return;
        }
        if (!first) {
            out.append(',');
        }
        first = false;
        if (depth > 0) {
            newLine();
        }
    }

    private void newLine() {
        if (!indent.isEmpty()) {
            out.append('\n').repeat(indent, depth);
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                // Go escapes these for the sake of HTML, and the line separators for that of JavaScript.
                case '<', '>', '&', '\u2028', '\u2029' -> escape(c);
                default -> {
                    if (c < ' ') {
                        escape(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void escape(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
