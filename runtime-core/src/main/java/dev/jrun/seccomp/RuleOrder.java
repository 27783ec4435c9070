// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which libseccomp tries several rules on one system call, which matters when two hold that have different
 * results. Rules that begin with the same questions share them, as the branches of a tree. Siblings are ordered by word
 * (the last argument first, its upper word before the lower), then by operator (equalities, then "less", then
 * "greater"), then by operand (the greatest first, but with "less" the smallest), then as in the profile. A rule comes
 * before those that ask the same and more.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/seccomp_rule_add.3.html">seccomp_rule_add(3)</a>
 */
final class RuleOrder {

    /** How a word is compared; the opposite operators ask the same and go on where the answer is no. */
    private enum Kind {
        EQUAL,
        MASKED_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /**
     * A question about one word of an argument.
     *
     * @param word greater ones are asked earlier
     * @param operator of the condition that it is part of
     */
    private record Question(int word, Operator operator, Kind kind, long operand, long mask) {

        boolean isSameAs(Question other) {
            return word == other.word && kind == other.kind && operand == other.operand && mask == other.mask;
        }

        boolean comesBefore(Question other) {
            if (word != other.word) {
                return word > other.word;
            }
            if (rank() != other.rank()) {
                return rank() < other.rank();
            }
            int order = Long.compareUnsigned(operand, other.operand);
            return asksForLess() ? order < 0 : order > 0;
        }

        private int rank() {
            return switch (operator) {
                case SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_MASKED_EQ -> 1;
                case SCMP_CMP_LT, SCMP_CMP_LE -> 2;
                case SCMP_CMP_GT, SCMP_CMP_GE -> 3;
            };
        }

        private boolean asksForLess() {
            return operator == Operator.SCMP_CMP_LT || operator == Operator.SCMP_CMP_LE;
        }
    }

    /** A question that rules share, the rules that end with it, and what others ask next. */
    private static final class Branch {
        private final Question question;
        private final List<CallRule> rules = new ArrayList<>();
        private final List<Branch> branches = new ArrayList<>();

        Branch(Question question) {
            this.question = question;
        }

        Branch branchFor(Question next) {
            int place = 0;
            while (place < branches.size() && !next.comesBefore(branches.get(place).question)) {
                if (branches.get(place).question.isSameAs(next)) {
                    return branches.get(place);
                }
                place++;
            }
            Branch branch = new Branch(next);
            branches.add(place, branch);
            return branch;
        }

        void collect(List<CallRule> ordered) {
            ordered.addAll(rules);
            for (Branch branch : branches) {
                branch.collect(ordered);
            }
        }
    }

    private RuleOrder() {}

    static List<CallRule> of(Abi abi, List<CallRule> rules) {
        Branch root = new Branch(null);
        for (CallRule rule : rules) {
            Branch branch = root;
            for (Question question : questions(abi, rule)) {
                branch = branch.branchFor(question);
            }
            branch.rules.add(rule);
        }
        List<CallRule> ordered = new ArrayList<>();
        root.collect(ordered);
        return ordered;
    }

    private static List<Question> questions(Abi abi, CallRule rule) {
        List<Question> questions = new ArrayList<>();
        for (Arg condition : rule.conditions()) {
            Kind kind = kind(condition.op());
            long mask = kind == Kind.MASKED_EQUAL ? condition.value() : -1;
            long operand = kind == Kind.MASKED_EQUAL ? condition.valueTwo() & mask : condition.value();
            int lowerWord = 2 * condition.index();
            if (!abi.hasLongArguments()) {
                questions.add(new Question(lowerWord, condition.op(), kind, lower(operand), lower(mask)));
                continue;
            }
            int upperWord = lowerWord + 1;
            if (kind == Kind.GREATER || kind == Kind.GREATER_OR_EQUAL) {
                questions.add(new Question(upperWord, condition.op(), Kind.GREATER, upper(operand), upper(mask)));
                questions.add(new Question(upperWord, condition.op(), Kind.EQUAL, upper(operand), upper(mask)));
            } else {
                questions.add(new Question(upperWord, condition.op(), kind, upper(operand), upper(mask)));
            }
            questions.add(new Question(lowerWord, condition.op(), kind, lower(operand), lower(mask)));
        }
        return questions;
    }

    private static Kind kind(Operator operator) {
        return switch (operator) {
            case SCMP_CMP_EQ, SCMP_CMP_NE -> Kind.EQUAL;
            case SCMP_CMP_MASKED_EQ -> Kind.MASKED_EQUAL;
            case SCMP_CMP_GT, SCMP_CMP_LE -> Kind.GREATER;
            case SCMP_CMP_GE, SCMP_CMP_LT -> Kind.GREATER_OR_EQUAL;
        };
    }

    private static long upper(long value) {
        return value >>> Integer.SIZE;
    }

    private static long lower(long value) {
        return value & 0xffff_ffffL;
    }
}
