// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Comparison;
import java.util.ArrayList;
import java.util.List;

/**
 * What is decided for each system call number, as ranges in ascending order, and the search tree that finds a number's
 * range. The tree is balanced by weight: the heavier a range is, the fewer comparisons find it.
 */
final class NumberRanges {

    /**
     * A range that ends where the next one starts, the last one with the greatest number.
     *
     * @param first unsigned
     */
    private record Range(int first, Decision decision, long weight) {}

    private final List<Range> ranges = new ArrayList<>();

    /**
     * Adds what comes after all that is there.
     *
     * @param first unsigned, greater than the start of the range before
     * @param weight how much it matters to find it quickly, at least 1
     */
    void add(int first, Decision decision, long weight) {
        if (!ranges.isEmpty() && ranges.getLast().decision() == decision) {
            Range last = ranges.removeLast();
            ranges.add(new Range(last.first(), decision, last.weight() + weight));
        } else {
            ranges.add(new Range(first, decision, weight));
        }
    }

    /** The decision on a number, once it is found. */
    Decision search(Decisions decisions) {
        return search(decisions, 0, ranges.size());
    }

    private Decision search(Decisions decisions, int from, int to) {
        if (to - from == 1) {
            return ranges.get(from).decision();
        }
        if (to - from == 3 && isExceptionAmongEquals(from + 1)) {
            Range exception = ranges.get(from + 1);
            return decisions.test(
                    SeccompData.NUMBER,
                    Comparison.EQUAL,
                    exception.first(),
                    exception.decision(),
                    ranges.get(from).decision());
        }
        int middle = middle(from, to);
        return decisions.test(
                SeccompData.NUMBER,
                Comparison.GREATER_OR_EQUAL,
                ranges.get(middle).first(),
                search(decisions, middle, to),
                search(decisions, from, middle));
    }

    /** Whether a range is one number, and what is decided before and after it is the same. */
    private boolean isExceptionAmongEquals(int index) {
        return ranges.get(index + 1).first() - ranges.get(index).first() == 1
                && ranges.get(index - 1).decision() == ranges.get(index + 1).decision();
    }

    /** Where to part ranges so that both sides weigh about the same. */
    private int middle(int from, int to) {
        long all = 0;
        for (int index = from; index < to; index++) {
            all += ranges.get(index).weight();
        }
        long below = 0;
        int middle = from + 1;
        long least = Long.MAX_VALUE;
        for (int index = from + 1; index < to; index++) {
            below += ranges.get(index - 1).weight();
            long difference = Math.abs(all - 2 * below);
            if (difference < least) {
                least = difference;
                middle = index;
            }
        }
        return middle;
    }
}
