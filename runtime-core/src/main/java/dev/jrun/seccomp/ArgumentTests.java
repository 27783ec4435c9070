// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Comparison;
import dev.jrun.spec.Seccomp.Arg;
import java.util.List;

/** Rules with conditions on arguments as decisions about the words of these arguments. */
final class ArgumentTests {
    private static final int ALL_BITS = -1;

    private final Abi abi;
    private final Decisions decisions;

    ArgumentTests(Abi abi, Decisions decisions) {
        this.abi = abi;
        this.decisions = decisions;
    }

    /** The first rule that holds decides; if none does, {@code otherwise}. */
    Decision of(List<CallRule> rules, Decision otherwise) {
        Decision decision = otherwise;
        for (CallRule rule : rules.reversed()) {
            decision = ifAllHold(rule.conditions(), decisions.returning(rule.result()), decision);
        }
        return decision;
    }

    private Decision ifAllHold(List<Arg> conditions, Decision then, Decision otherwise) {
        Decision decision = then;
        for (Arg condition : conditions.reversed()) {
            decision = ifHolds(condition, decision, otherwise);
        }
        return decision;
    }

    private Decision ifHolds(Arg condition, Decision then, Decision otherwise) {
        int argument = condition.index();
        long value = condition.value();
        return switch (condition.op()) {
            case SCMP_CMP_EQ -> ifEqual(argument, ALL_BITS, value, then, otherwise);
            case SCMP_CMP_NE -> ifEqual(argument, ALL_BITS, value, otherwise, then);
            case SCMP_CMP_MASKED_EQ -> ifEqual(argument, value, condition.valueTwo() & value, then, otherwise);
            case SCMP_CMP_GT -> ifOrdered(argument, Comparison.GREATER, value, then, otherwise);
            case SCMP_CMP_LE -> ifOrdered(argument, Comparison.GREATER, value, otherwise, then);
            case SCMP_CMP_GE -> ifOrdered(argument, Comparison.GREATER_OR_EQUAL, value, then, otherwise);
            case SCMP_CMP_LT -> ifOrdered(argument, Comparison.GREATER_OR_EQUAL, value, otherwise, then);
        };
    }

    private Decision ifEqual(int argument, long mask, long value, Decision then, Decision otherwise) {
        Decision lower = ifWordEqual(SeccompData.lowerWord(abi, argument), (int) mask, (int) value, then, otherwise);
        return abi.hasLongArguments()
                ? ifWordEqual(upperWord(argument), upper(mask), upper(value), lower, otherwise)
                : lower;
    }

    private Decision ifWordEqual(int offset, int mask, int value, Decision then, Decision otherwise) {
        if (mask == 0) {
            return then;
        }
        if (mask != ALL_BITS && value == 0) {
            return decisions.test(offset, Comparison.ANY_BIT, mask, otherwise, then);
        }
        if (mask == value && Integer.bitCount(mask) == 1) {
            return decisions.test(offset, Comparison.ANY_BIT, mask, then, otherwise);
        }
        return decisions.test(offset, mask, Comparison.EQUAL, value, then, otherwise);
    }

    private Decision ifOrdered(int argument, Comparison comparison, long value, Decision then, Decision otherwise) {
        Decision lower = ifWordOrdered(SeccompData.lowerWord(abi, argument), comparison, (int) value, then, otherwise);
        if (!abi.hasLongArguments()) {
            return lower;
        }
        Decision upper = decisions.test(upperWord(argument), Comparison.EQUAL, upper(value), lower, otherwise);
        return ifWordOrdered(upperWord(argument), Comparison.GREATER, upper(value), then, upper);
    }

    private Decision ifWordOrdered(int offset, Comparison comparison, int value, Decision then, Decision otherwise) {
        if (comparison == Comparison.GREATER && value == -1) {
            return otherwise;
        }
        if (comparison == Comparison.GREATER_OR_EQUAL && value == 0) {
            return then;
        }
        return decisions.test(offset, comparison, value, then, otherwise);
    }

    private int upperWord(int argument) {
        return SeccompData.upperWord(abi, argument);
    }

    private static int upper(long value) {
        return (int) (value >>> Integer.SIZE);
    }
}
