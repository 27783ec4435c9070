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

    private final Map<Integer, Return> returns = new HashMap<>();
    private final Map<Test, Test> tests = new HashMap<>();

    Return returning(int value) {
        Return decision = returns.get(value);
        if (decision == null) {
            decision = new Return(value);
            returns.put(value, decision);
        }
        return decision;
    }

    Decision test(int offset, Comparison comparison, int operand, Decision then, Decision otherwise) {
        return test(offset, ALL_BITS, comparison, operand, then, otherwise);
    }

    Decision test(int offset, int mask, Comparison comparison, int operand, Decision then, Decision otherwise) {
        if (then == otherwise) {
            return then;
        }
        Test decision = new Test(offset, mask, comparison, operand, then, otherwise);
        Test known = tests.putIfAbsent(decision, decision);
        return known == null ? decision : known;
    }
}
