// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Return;
import dev.jrun.seccomp.Decision.Test;
import dev.jrun.seccomp.FilterAssembler.Label;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Turns decisions into instructions. Each test exists once and has two entries: one that loads the word to test, and
 * one for jumps from a test of the same word.
 */
final class FilterCode {
    private static final int ALL_BITS = -1;

    /** The entries of a test; {@code load} is null if nobody comes in by it. */
    private record Entries(Label load, Label test) {}

    private final FilterAssembler assembler = new FilterAssembler();
    /** Tests that can be come to, by their ids. */
    private final BitSet entered = new BitSet();
    /** Those of them that have to load a word for some who come in, by their ids. */
    private final BitSet loading = new BitSet();
    /** By their ids. */
    private final Entries[] placed;

    private FilterCode(int count) {
        placed = new Entries[count];
    }

    /**
     * An array of {@code struct sock_filter}.
     *
     * @param decision the first, of {@code decisions}
     */
    static byte[] of(Decision decision, Decisions decisions) {
        FilterCode code = new FilterCode(decisions.count());
        if (decision instanceof Test first) {
            code.findLoads(first);
            code.placeAll(first);
        } else {
            code.assembler.ret(((Return) decision).value());
        }
        return code.assembler.assemble();
    }

    private void findLoads(Test first) {
        loading.set(first.id());
        entered.set(first.id());
        Deque<Test> open = new ArrayDeque<>();
        open.push(first);
        while (!open.isEmpty()) {
            Test test = open.pop();
            enter(test.then(), test, open);
            enter(test.otherwise(), test, open);
        }
    }

    private void enter(Decision decision, Test before, Deque<Test> open) {
        if (decision instanceof Test test) {
            if (!test.looksAtSameAs(before)) {
                loading.set(test.id());
            }
            if (!entered.get(test.id())) {
                entered.set(test.id());
                open.push(test);
            }
        }
    }

    /** Places each test after the two decisions that it leads to, without recursion: chains of them are long. */
    private void placeAll(Test first) {
        Deque<Test> open = new ArrayDeque<>();
        open.push(first);
        while (!open.isEmpty()) {
            Test test = open.peek();
            // What is placed last is the nearest.
            if (isToBePlaced(test.otherwise())) {
                open.push((Test) test.otherwise());
            } else if (isToBePlaced(test.then())) {
                open.push((Test) test.then());
            } else {
                open.pop();
                if (isToBePlaced(test)) {
                    placed[test.id()] = place(test);
                }
            }
        }
    }

    private boolean isToBePlaced(Decision decision) {
        return decision instanceof Test test && placed[test.id()] == null;
    }

    private Entries place(Test test) {
        Label then = target(test.then(), test);
        Label otherwise = target(test.otherwise(), test);
        Label compare = assembler.test(test.comparison(), test.operand(), then, otherwise);
        if (!loading.get(test.id())) {
            return new Entries(null, compare);
        }
        if (test.mask() != ALL_BITS) {
            assembler.and(test.mask());
        }
        return new Entries(assembler.load(test.offset()), compare);
    }

    private Label target(Decision decision, Test before) {
        if (decision instanceof Return result) {
            return assembler.ret(result.value());
        }
        Test test = (Test) decision;
        Entries entries = placed[test.id()];
        return assembler.near(test.looksAtSameAs(before) ? entries.test() : entries.load());
    }
}
