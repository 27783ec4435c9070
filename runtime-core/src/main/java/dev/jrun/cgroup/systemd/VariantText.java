// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A value in GVariant's text format, such as {@code true}, {@code 'text'}, {@code uint64 5000000}, {@code ['a', 'b']}
 * or {@code @as []}, as runc and crun take it.
 *
 * @see <a href="https://docs.gtk.org/glib/gvariant-text-format.html">GVariant Text Format</a>
 */
final class VariantText {

    private static final int MOST_NESTED = 8;

    private final String text;
    private int at;
    private int depth;

    private VariantText(String text) {
        this.text = text;
    }

    /** A value and its type, as in a {@link UnitProperty}. */
    record Typed(String signature, Object value) {}

    /** What is wrong with a text. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    /** The value that a text stands for. */
    static Typed parse(String text) throws Malformed {
        var parser = new VariantText(text);
        Typed value = parser.value(Optional.empty());
        parser.skipSpace();
        if (parser.at < text.length()) {
            throw parser.malformed("\"" + text.substring(parser.at) + "\" is left over");
        }
        return value;
    }

    /** A text that stands for a value, with its type, which {@link #parse} understands. */
    static String of(String signature, Object value) {
        var text = new StringBuilder("@").append(signature).append(' ');
        write(signature, value, text);
        return text.toString();
    }

    private static void write(String signature, Object value, StringBuilder text) {
        switch (signature.charAt(0)) {
            case 's', 'o', 'g' -> writeString((String) value, text);
            case 'a' -> writeArray(signature.substring(1), (List<?>) value, text);
            case '(' -> writeStructure(signature.substring(1, signature.length() - 1), (List<?>) value, text);
            case 't' -> text.append(Long.toUnsignedString((Long) value));
            case 'u' -> text.append(Integer.toUnsignedString((Integer) value));
            case 'q' -> text.append(Short.toUnsignedInt((Short) value));
            case 'y' -> text.append(Byte.toUnsignedInt((Byte) value));
            default -> text.append(value);
        }
    }

    private static void writeString(String value, StringBuilder text) {
        text.append('\'');
        for (char next : value.toCharArray()) {
            switch (next) {
                case '\n' -> text.append("\\n");
                case '\'', '\\' -> text.append('\\').append(next);
                default -> text.append(next);
            }
        }
        text.append('\'');
    }

    private static void writeArray(String element, List<?> values, StringBuilder text) {
        text.append('[');
        for (Object each : values) {
            write(element, each, text);
            text.append(", ");
        }
        text.append(']');
    }

    private static void writeStructure(String types, List<?> values, StringBuilder text) {
        text.append('(');
        int type = 0;
        for (Object each : values) {
            int end = BusValue.end(types, type);
            write(types.substring(type, end), each, text);
            text.append(", ");
            type = end;
        }
        text.append(')');
    }

    private Malformed malformed(String message) {
        return new Malformed(message + " at character " + (at + 1));
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private char next() throws Malformed {
        skipSpace();
        if (at >= text.length()) {
            throw malformed("a value is missing");
        }
        return text.charAt(at);
    }

    /** @param expected the type, where it is known */
    private Typed value(Optional<String> expected) throws Malformed {
        if (++depth > MOST_NESTED) {
            throw malformed("nested more than " + MOST_NESTED + " deep");
        }
        try {
            return switch (next()) {
                case '\'', '"' -> string(expected);
                case '[' -> array(expected);
                case '(' -> structure(expected);
                case '@' -> annotated();
                default -> wordOrNumber(expected);
            };
        } finally {
            depth--;
        }
    }

    private Typed annotated() throws Malformed {
        at++;
        int start = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        String signature = text.substring(start, at);
        if (!isSignature(signature)) {
            throw malformed("\"@" + signature + "\" is no type");
        }
        Typed value = value(Optional.of(signature));
        if (!value.signature().equals(signature)) {
            throw malformed("a value of type " + signature + " is missing");
        }
        return value;
    }

    private static boolean isSignature(String signature) {
        int nested = 0;
        for (char next : signature.toCharArray()) {
            if (next == '(') {
                nested++;
            } else if (next == ')') {
                nested--;
            } else if ("abynqiuxtdsog".indexOf(next) < 0) {
                return false;
            }
        }
        return nested == 0
                && !signature.isEmpty()
                && !signature.endsWith("a")
                && !signature.contains("a)")
                && !signature.contains("()")
                && BusValue.end(signature, 0) == signature.length();
    }

    private Typed string(Optional<String> expected) throws Malformed {
        char quote = text.charAt(at++);
        var value = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw malformed("the end of a string is missing");
            }
            char next = text.charAt(at++);
            if (next == quote) {
                String type = expected.filter(wanted -> "og".contains(wanted)).orElse("s");
                return new Typed(type, value.toString());
            }
            value.append(next == '\\' ? escaped() : next);
        }
    }

    private char escaped() throws Malformed {
        if (at >= text.length()) {
            throw malformed("the end of a string is missing");
        }
        char next = text.charAt(at++);
        return switch (next) {
            case 'a' -> '\007';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\013';
            case 'u' -> unicode();
            default -> next;
        };
    }

    private char unicode() throws Malformed {
        if (at + 4 > text.length()) {
            throw malformed("\\u takes four hexadecimal digits");
        }
        try {
            char value = (char) Integer.parseInt(text.substring(at, at + 4), 16);
            if (value == 0) {
                // The bus would cut the connection off: no string of D-Bus has it.
                throw malformed("no string has the character 0");
            }
            at += 4;
            return value;
        } catch (NumberFormatException e) {
            throw malformed("\\u takes four hexadecimal digits");
        }
    }

    private Typed array(Optional<String> expected) throws Malformed {
        Optional<String> element = expected.filter(type -> type.startsWith("a")).map(type -> type.substring(1));
        List<Object> values = new ArrayList<>();
        for (Typed each : members('[', ']', element, Optional.empty())) {
            if (element.isPresent() && !element.get().equals(each.signature())) {
                throw malformed(
                        "an array has values of one type, not of " + element.get() + " and " + each.signature());
            }
            element = Optional.of(each.signature());
            values.add(each.value());
        }
        if (element.isEmpty()) {
            throw malformed("nobody knows of what type an empty array is; write it as @as []");
        }
        return new Typed("a" + element.get(), values);
    }

    private Typed structure(Optional<String> expected) throws Malformed {
        Optional<String> inside =
                expected.filter(type -> type.startsWith("(")).map(type -> type.substring(1, type.length() - 1));
        var signature = new StringBuilder("(");
        List<Object> values = new ArrayList<>();
        for (Typed each : members('(', ')', Optional.empty(), inside)) {
            signature.append(each.signature());
            values.add(each.value());
        }
        if (values.isEmpty()) {
            throw malformed("a structure without members");
        }
        return new Typed(signature.append(')').toString(), values);
    }

    /**
     * @param element the type of each, where it is known
     * @param types those of all, where they are known
     */
    private List<Typed> members(char open, char close, Optional<String> element, Optional<String> types)
            throws Malformed {
        at++;
        List<Typed> members = new ArrayList<>();
        int type = 0;
        Optional<String> known = element;
        while (next() != close) {
            if (types.isPresent() && type < types.get().length()) {
                int end = BusValue.end(types.get(), type);
                known = Optional.of(types.get().substring(type, end));
                type = end;
            }
            Typed member = value(known);
            members.add(member);
            if (open == '[') {
                known = Optional.of(member.signature());
            }
            if (next() == ',') {
                at++;
            } else if (next() != close) {
                throw malformed("a comma or '" + close + "' is missing");
            }
        }
        at++;
        return members;
    }

    private Typed wordOrNumber(Optional<String> expected) throws Malformed {
        String word = word();
        Optional<String> type = typeOf(word);
        if (word.equals("true") || word.equals("false")) {
            return new Typed("b", word.equals("true"));
        }
        return type.isPresent()
                ? typed(word, type.get())
                : number(word, expected.orElse(word.matches(".*[.eE].*") && !word.startsWith("0x") ? "d" : "i"));
    }

    private Typed typed(String word, String type) throws Malformed {
        Typed value = value(Optional.of(type));
        if (!value.signature().equals(type)) {
            throw malformed("a value is missing that is a " + word);
        }
        return value;
    }

    private String word() {
        int start = at;
        while (at < text.length()
                && !Character.isWhitespace(text.charAt(at))
                && ",[]()'\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private static Optional<String> typeOf(String word) {
        return switch (word) {
            case "boolean" -> Optional.of("b");
            case "byte" -> Optional.of("y");
            case "int16" -> Optional.of("n");
            case "uint16" -> Optional.of("q");
            case "int32" -> Optional.of("i");
            case "uint32" -> Optional.of("u");
            case "int64" -> Optional.of("x");
            case "uint64" -> Optional.of("t");
            case "double" -> Optional.of("d");
            case "string" -> Optional.of("s");
            case "objectpath" -> Optional.of("o");
            case "signature" -> Optional.of("g");
            default -> Optional.empty();
        };
    }

    private Typed number(String word, String type) throws Malformed {
        try {
            return new Typed(type, parsed(word, type));
        } catch (NumberFormatException e) {
            throw malformed("\"" + word + "\" is no value" + (type.equals("i") ? "" : " of type " + type));
        }
    }

    private static Object parsed(String word, String type) {
        return switch (type) {
            case "y" -> (byte) ranged(word, 0, 0xff);
            case "n" -> (short) ranged(word, Short.MIN_VALUE, Short.MAX_VALUE);
            case "q" -> (short) ranged(word, 0, 0xffff);
            case "i" -> (int) ranged(word, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "u" -> (int) ranged(word, 0, 0xffff_ffffL);
            case "x" -> Long.decode(word);
            case "t" ->
                word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseUnsignedLong(word);
            case "d" -> Double.parseDouble(word);
            default -> throw new NumberFormatException();
        };
    }

    private static long ranged(String word, long least, long most) {
        long value = Long.decode(word);
        if (value < least || value > most) {
            throw new NumberFormatException();
        }
        return value;
    }
}
