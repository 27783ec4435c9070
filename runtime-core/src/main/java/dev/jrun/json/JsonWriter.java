// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes JSON as Go's encoding/json does, since that is what callers compare with.
 *
 * <p>Every launch writes a container's record, so text is encoded straight into the document, without objects in
 * between.
 */
public final class JsonWriter {
    private static final int SPACE = ' ';

    /** Characters of a long text that are written at a time. */
    private static final int PART = 1 << 16;

    /** Bytes of ASCII that are not written as they are; Go escapes some for the sake of HTML. */
    private static final boolean[] ESCAPED = new boolean[128];

    static {
        Arrays.fill(ESCAPED, 0, SPACE, true);
        for (char c : "\"\\<>&".toCharArray()) {
            ESCAPED[c] = true;
        }
    }

    /** U+2028, the first of them, in UTF-8; the second has the last bit set. */
    private static final byte[] LINE_SEPARATORS = "\u2028".getBytes(StandardCharsets.UTF_8);

    private final byte[] indent;
    private byte[] out = new byte[2048];
    private int length;
    private int depth;
    private boolean first = true;
    private boolean afterName;

    private JsonWriter(String indent) {
        this.indent = indent.getBytes(StandardCharsets.UTF_8);
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
        colon();
        return this;
    }

    private void colon() {
        append(':');
        if (indent.length > 0) {
            append(SPACE);
        }
        afterName = true;
    }

    /** Where a long document goes while it is written. */
    public interface Drain {
        /** May {@linkplain #take take} what was written. */
        void drain(JsonWriter json) throws IOException;
    }

    /** Writes a member of an object that is a string, both of any length, with no more than a part of it in memory. */
    public void member(String name, String value, Drain drain) throws IOException {
        separate();
        appendQuoted(name, drain);
        colon();
        separate();
        appendQuoted(value, drain);
    }

    private void appendQuoted(String text, Drain drain) throws IOException {
        append('"');
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + PART);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            appendText(text.substring(from, to));
            drain.drain(this);
            from = to;
        }
        append('"');
    }

    /** How many bytes were written and not taken yet. */
    public int length() {
        return length;
    }

    /** What was written since it was taken last; the document goes on behind it. */
    public byte[] take() {
        byte[] written = utf8();
        length = 0;
        return written;
    }

    public JsonWriter value(String text) {
        separate();
        quote(text);
        return this;
    }

    public JsonWriter value(long number) {
        separate();
        append(Long.toString(number));
        return this;
    }

    public JsonWriter value(boolean truth) {
        separate();
        append(Boolean.toString(truth));
        return this;
    }

    /** A number of any size, as it is written in JSON. */
    public JsonWriter number(String digits) {
        separate();
        append(digits);
        return this;
    }

    /** {@code null}. */
    public JsonWriter nothing() {
        separate();
        append("null");
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
        append(bracket);
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
        append(bracket);
        return this;
    }

    private void separate() {
        if (afterName) {
            afterName = false;
            return;
        }
        if (!first) {
            append(',');
        }
        first = false;
        if (depth > 0) {
            newLine();
        }
    }

    private void newLine() {
        if (indent.length > 0) {
            append('\n');
            for (int i = 0; i < depth; i++) {
                append(indent, 0, indent.length);
            }
        }
    }

    private void quote(String text) {
        append('"');
        appendText(text);
        append('"');
    }

    private void appendText(String text) {
        int plain = appendPlain(text);
        if (plain < text.length()) {
            appendEscaped(text.substring(plain).getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Appends the text up to where something is not written as it is, which hardly any has, and returns where that is.
     */
    private int appendPlain(String text) {
        int end = text.length();
        makeRoom(end);
        byte[] bytes = out;
        int at = length;
        int i = 0;
        for (; i < end; i++) {
            char c = text.charAt(i);
            if (c >= ESCAPED.length || ESCAPED[c]) {
                break;
            }
            bytes[at++] = (byte) c;
        }
        length = at;
        return i;
    }

    private void appendEscaped(byte[] utf8) {
        int copied = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b >= 0 && ESCAPED[b]) {
                append(utf8, copied, i);
                escape(b);
                copied = i + 1;
            } else if (b == LINE_SEPARATORS[0] && isLineSeparator(utf8, i)) {
                append(utf8, copied, i);
                escape('\u2028' + (utf8[i + 2] - LINE_SEPARATORS[2]));
                i += 2;
                copied = i + 1;
            }
        }
        append(utf8, copied, utf8.length);
    }

    /** U+2028 and U+2029, which Go escapes for the sake of JavaScript. */
    private static boolean isLineSeparator(byte[] utf8, int at) {
        return utf8[at + 1] == LINE_SEPARATORS[1] && (utf8[at + 2] | 1) == (LINE_SEPARATORS[2] | 1);
    }

    private void escape(int c) {
        append('\\');
        switch (c) {
            case '"', '\\' -> append(c);
            case '\n' -> append('n');
            case '\r' -> append('r');
            case '\t' -> append('t');
            default -> {
                append('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    append(Character.forDigit(c >> shift & 0xf, 16));
                }
            }
        }
    }

    /** Appends ASCII. */
    private void append(String ascii) {
        makeRoom(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            out[length++] = (byte) ascii.charAt(i);
        }
    }

    private void append(int ascii) {
        makeRoom(1);
        out[length++] = (byte) ascii;
    }

    private void append(byte[] bytes, int from, int to) {
        makeRoom(to - from);
        System.arraycopy(bytes, from, out, length, to - from);
        length += to - from;
    }

    private void makeRoom(int more) {
        if (more > out.length - length) {
            out = Arrays.copyOf(out, Math.max(Math.multiplyExact(2, out.length), Math.addExact(length, more)));
        }
    }

    @Override
    public String toString() {
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    /** What was written, as it is stored. */
    public byte[] utf8() {
        return Arrays.copyOf(out, length);
    }
}
