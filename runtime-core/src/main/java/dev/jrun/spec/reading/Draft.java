// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Problem;
import java.util.List;
import java.util.Optional;

/**
 * What was read from a document with problems, so that other checks can find further problems at once. It must not be
 * used for anything else: what was wrong is missing, even elements of lists, or made up.
 *
 * @param draft absent if nothing could be read
 * @param reading whose value is the draft if there are no problems
 */
public record Draft<T>(Optional<T> draft, Reading<T> reading) {

    /** Whether what is at this JSON pointer in the draft is all that is there in the document. */
    public boolean isSound(String pointer) {
        List<Problem> problems = reading.problems();
        String below = pointer + "/";
        for (Problem problem : problems) {
            String at = problem.pointer();
            if (at.isEmpty() || at.equals(pointer) || at.startsWith(below) || pointer.startsWith(at + "/")) {
                return false;
            }
        }
        return true;
    }
}
