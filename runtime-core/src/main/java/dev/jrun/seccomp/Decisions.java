// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Comparison;
import dev.jrun.seccomp.Decision.Return;
import dev.jrun.seccomp.Decision.Test;
import java.util.HashMap;
import java.util.Map;

/** The decisions of one filter, of which no two are equal. */
final class Decisions {
    private static final int ALL_BITS = -1;
    /** Past both words of two arguments. */
    private static final int KNOWLEDGE_DEPTH = 4;

    private final Map<Integer, Return> returns = new HashMap<>();
    private final Map<Test, Test> tests = new HashMap<>();
    private int count;

    Return returning(int value) {
        Return decision = returns.get(value);
        if (decision == null) {
            decision = new Return(count++, value);
            returns.put(value, decision);
        }
        return decision;
    }

    Decision test(int offset, Comparison comparison, int operand, Decision then, Decision otherwise) {
        return test(offset, ALL_BITS, comparison, operand, then, otherwise);
    }

    Decision test(int offset, int mask, Comparison comparison, int operand, Decision then, Decision otherwise) {
        Test test = new Test(count, offset, mask, comparison, operand, then, otherwise);
        Decision known = comparison == Comparison.EQUAL ? given(test, then, KNOWLEDGE_DEPTH) : then;
        Decision rest = otherwise instanceof Test next && next.asksSameAs(test) ? next.otherwise() : otherwise;
        if (known == rest) {
            return known;
        }
        test = new Test(count, offset, mask, comparison, operand, known, rest);
        Test same = tests.putIfAbsent(test, test);
        if (same != null) {
            return same;
        }
        count++;
        return test;
    }

    /** How many there are, which is more than any id. */
    int count() {
        return count;
    }

    /**
     * What a decision comes to where the answer to a question is known: rules on one argument begin with the same upper
     * word, which needs to be asked for once.
     *
     * @param equality holds
     * @param depth how far to look, since looking everywhere can take exponential time
     */
    private Decision given(Test equality, Decision decision, int depth) {
        if (depth == 0 || !(decision instanceof Test test)) {
            return decision;
        }
        if (test.looksAtSameAs(equality)) {
            return given(equality, test.holdsFor(equality.operand()) ? test.then() : test.otherwise(), depth - 1);
        }
        Decision then = given(equality, test.then(), depth - 1);
        Decision otherwise = given(equality, test.otherwise(), depth - 1);
        return then == test.then() && otherwise == test.otherwise()
                ? test
                : test(test.offset(), test.mask(), test.comparison(), test.operand(), then, otherwise);
    }
}
