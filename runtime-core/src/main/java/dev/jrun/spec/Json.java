// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.SequencedMap;

/** A JSON value (RFC 8259) that keeps numbers as they are written, so that no integer loses digits. */
sealed interface Json {
    /** An object; of several members with the same name the last counts. */
    record Obj(SequencedMap<String, Json> members) implements Json {}

    /** An array. */
    record Arr(List<Json> elements) implements Json {}

    /** A string. */
    record Str(String value) implements Json {}

    /** A number. */
    record Num(String text) implements Json {}

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {}

    /** {@code null}. */
    record Null() implements Json {
        static final Null NULL = new Null();
    }

    /** The value as it is shown in a {@link Problem}: short, on one line. */
    default String shown() {
        return switch (this) {
            case Obj obj -> obj.members().isEmpty() ? "{}" : "an object";
            case Arr arr -> arr.elements().isEmpty() ? "[]" : "an array";
            case Str(String value) -> quoted(value);
            case Num(String text) -> text.length() <= 60 ? text : text.substring(0, 60) + "…";
            case Bool(boolean value) -> Boolean.toString(value);
            case Null ignored -> "null";
        };
    }

    /** A string in quotes, cut where it is long, with everything escaped that could confuse a terminal. */
    static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().limit(60).forEach(point -> {
            if (point == '"' || point == '\\') {
                text.append('\\');
            }
            Printable.append(text, point);
        });
        if (value.codePointCount(0, value.length()) > 60) {
            text.append('…');
        }
        return text.append('"').toString();
    }
}
