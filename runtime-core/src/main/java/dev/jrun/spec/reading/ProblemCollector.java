// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.json.Pointer;
import dev.jrun.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with one document. */
public final class ProblemCollector {
    /** So many are reported one by one, so that a document cannot make its reader hold more than it has itself. */
    public static final int MAX_PROBLEMS = 100;

    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int count;
    private int warned;

    void problem(Pointer pointer, String found, String message) {
        problem(pointer, found, message, Optional.empty());
    }

    void problem(Pointer pointer, String found, String message, Optional<String> suggestion) {
        if (count++ < MAX_PROBLEMS) {
            problems.add(new Problem(pointer.toString(), found, message, suggestion));
        }
    }

    void warning(Pointer pointer, String found, String message, Optional<String> suggestion) {
        if (warned++ < MAX_PROBLEMS) {
            warnings.add(new Problem(pointer.toString(), found, message, suggestion));
        }
    }

    /** Number of problems so far, also of those beyond the limit. */
    int count() {
        return count;
    }

    /** Whether there is, or beyond the limit may be, a problem with this value. */
    boolean hasProblemAt(Pointer pointer) {
        if (count == 0) {
            return false;
        }
        String at = pointer.toString();
        return count > MAX_PROBLEMS
                || problems.stream().anyMatch(problem -> problem.pointer().equals(at));
    }

    /** Whether there is, or beyond the limit may be, a problem with this value or one in it. */
    boolean hasProblemAtOrBelow(Pointer pointer) {
        if (count == 0) {
            return false;
        }
        String below = pointer + "/";
        return hasProblemAt(pointer)
                || problems.stream().anyMatch(problem -> problem.pointer().startsWith(below));
    }

    List<Problem> problems() {
        return withCountOfRest(problems, count, "problems");
    }

    List<Problem> warnings() {
        return withCountOfRest(warnings, warned, "warnings");
    }

    private static List<Problem> withCountOfRest(List<Problem> listed, int count, String what) {
        if (count <= MAX_PROBLEMS) {
            return listed;
        }
        List<Problem> all = new ArrayList<>(listed);
        all.add(new Problem("", "", "it has %d more %s".formatted(count - MAX_PROBLEMS, what), Optional.empty()));
        return all;
    }
}
