// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Problem;
import java.util.List;
import java.util.Optional;

/**
 * The result of reading a document.
 *
 * @param value present if and only if there are no problems
 * @param problems all of them, in the order of the document as far as they have one
 * @param warnings what is accepted, but that the user should be told
 */
public record Reading<T>(Optional<T> value, List<Problem> problems, List<Problem> warnings) {
    public Reading {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }
}
