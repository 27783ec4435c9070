// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import dev.jrun.json.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something in a document that is wrong, or that works but should not be relied on (a warning).
 *
 * @param pointer JSON pointer (RFC 6901) to where it is; empty for the document as a whole
 * @param found what is there, as short JSON text or in words; empty if that says nothing
 * @param message what is allowed there instead, or what is wrong with it
 * @param suggestion the allowed value that was most likely meant
 */
public record Problem(String pointer, String found, String message, Optional<String> suggestion) {
    /**
     * The problem as one line, such as {@code config.json#/linux/namespaces/2/type: found "netwrok"; allowed: …; did
     * you mean "network"?}
     *
     * @param document the name of the document
     */
    public String in(String document) {
        StringBuilder line = new StringBuilder(document);
        if (!pointer.isEmpty()) {
            line.append('#').append(pointer);
        }
        line.append(": ");
        if (!found.isEmpty()) {
            line.append("found ").append(found).append("; ");
        }
        line.append(message);
        suggestion.ifPresent(
                name -> line.append("; did you mean \"").append(name).append("\"?"));
        return Printable.of(line.toString());
    }

    /**
     * A line for each problem.
     *
     * @param line of one
     */
    public static String lines(List<Problem> problems, Function<Problem, String> line) {
        List<String> lines = new ArrayList<>(problems.size());
        for (Problem problem : problems) {
            lines.add(line.apply(problem));
        }
        return String.join("\n", lines);
    }
}
