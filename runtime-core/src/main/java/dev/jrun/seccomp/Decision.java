// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

/**
 * A question about a system call and what follows from the answer, or the filter's result. Decisions form a graph
 * without cycles, in which {@link Decisions} shares equal ones.
 */
sealed interface Decision {

    /** Tells the decisions of one filter apart: counted from 0. */
    int id();

    /** The end: what the filter returns. */
    record Return(int id, int value) implements Decision {}

    /**
     * Looks at 32 bits of {@code struct seccomp_data}.
     *
     * @param offset of these bits, in bytes
     * @param mask the bits that count
     * @param operand compared with, unsigned
     */
    record Test(int id, int offset, int mask, Comparison comparison, int operand, Decision then, Decision otherwise)
            implements Decision {

        /** Equal are tests that ask the same and lead to the very same decisions, whatever their id. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Test test
                    && offset == test.offset
                    && mask == test.mask
                    && comparison == test.comparison
                    && operand == test.operand
                    && then == test.then
                    && otherwise == test.otherwise;
        }

        @Override
        public int hashCode() {
            int hash = offset + 31 * (comparison.ordinal() + 31 * (operand + 31 * mask));
            return 31 * (31 * hash + then.id()) + otherwise.id();
        }

        boolean asksSameAs(Test other) {
            return looksAtSameAs(other) && comparison == other.comparison && operand == other.operand;
        }

        /** The answer if the bits that count are these. */
        boolean holdsFor(int bits) {
            return switch (comparison) {
                case EQUAL -> bits == operand;
                case GREATER -> Integer.compareUnsigned(bits, operand) > 0;
                case GREATER_OR_EQUAL -> Integer.compareUnsigned(bits, operand) >= 0;
                case ANY_BIT -> (bits & operand) != 0;
            };
        }

        /** Whether the word that this test looks at is already there after another test. */
        boolean looksAtSameAs(Test other) {
            return offset == other.offset && mask == other.mask;
        }
    }

    /** The comparisons that BPF has, all unsigned. */
    enum Comparison {
        EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        ANY_BIT
    }
}
