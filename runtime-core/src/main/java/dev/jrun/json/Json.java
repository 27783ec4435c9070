// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

import java.util.List;
import java.util.Map.Entry;
import java.util.SequencedMap;

/** A JSON value (RFC 8259) that keeps numbers as they are written, so that no integer loses digits. */
public sealed interface Json {
    /** The value as it is shown to people: short, on one line. */
    String shown();

    /** Writes the value where {@code json} is. */
    void write(JsonWriter json);

    /** An object; of several members with the same name the last counts. */
    record Obj(SequencedMap<String, Json> members) implements Json {
        @Override
        public String shown() {
            return members.isEmpty() ? "{}" : "an object";
        }

        @Override
        public void write(JsonWriter json) {
            json.beginObject();
            for (Entry<String, Json> member : members.entrySet()) {
                member.getValue().write(json.name(member.getKey()));
            }
            json.endObject();
        }
    }

    /** An array. */
    record Arr(List<Json> elements) implements Json {
        @Override
        public String shown() {
            return elements.isEmpty() ? "[]" : "an array";
        }

        @Override
        public void write(JsonWriter json) {
            json.beginArray();
            for (Json element : elements) {
                element.write(json);
            }
            json.endArray();
        }
    }

    /** A string. */
    record Str(String value) implements Json {
        @Override
        public String shown() {
            return quoted(value);
        }

        @Override
        public void write(JsonWriter json) {
            json.value(value);
        }
    }

    /** A number. */
    record Num(String text) implements Json {
        @Override
        public String shown() {
            return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        }

        @Override
        public void write(JsonWriter json) {
            json.number(text);
        }
    }

    /** {@code true} or {@code false}. */
    record Bool(boolean value) implements Json {
        @Override
        public String shown() {
            return Boolean.toString(value);
        }

        @Override
        public void write(JsonWriter json) {
            json.value(value);
        }
    }

    /** {@code null}. */
    record Null() implements Json {
        static final Null NULL = new Null();

        @Override
        public String shown() {
            return "null";
        }

        @Override
        public void write(JsonWriter json) {
            json.nothing();
        }
    }

    /** How much of a string or a number is shown. */
    int SHOWN = 60;

    /** A string in quotes, cut where it is long, with everything escaped that could confuse a terminal. */
    static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        value.codePoints().limit(SHOWN).forEach(point -> {
            if (point == '"' || point == '\\') {
                text.append('\\');
            }
            Printable.append(text, point);
        });
        if (value.codePointCount(0, value.length()) > SHOWN) {
            text.append('…');
        }
        return text.append('"').toString();
    }
}
