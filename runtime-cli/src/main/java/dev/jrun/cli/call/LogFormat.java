// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.json.JsonWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How a line of the log file looks: as logrus writes it, since containerd reads it back. */
public enum LogFormat {
    TEXT {
        @Override
        public String line(String level, String message, Instant time) {
            return "time=" + quoted(seconds(time)) + " level=" + level + " msg=" + quoted(message) + '\n';
        }
    },
    JSON {
        @Override
        public String line(String level, String message, Instant time) {
            return JsonWriter.compact()
                            .beginObject()
                            .name("level")
                            .value(level)
                            .name("msg")
                            .value(message)
                            .name("time")
                            .value(seconds(time))
                            .endObject()
                            .toString()
                    + '\n';
        }
    };

    /**
     * The format of this name.
     *
     * @throws CommandException if there is none
     */
    static LogFormat of(String name) throws CommandException {
        return switch (name) {
            case "text" -> TEXT;
            case "json" -> JSON;
            default -> throw CommandException.ofValue("--log-format", name, "text, json");
        };
    }

    /**
     * One line, with its end.
     *
     * @param level error, warning, info or debug
     */
    public abstract String line(String level, String message, Instant time);

    /** RFC 3339. */
    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default ->
                    quoted.append(
                            c < ' ' ? "\\x" + Character.forDigit(c >> 4, 16) + Character.forDigit(c & 0xf, 16) : c);
            }
        }
        return quoted.append('"').toString();
    }
}
