// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Return;
import dev.jrun.seccomp.Decision.Test;
import dev.jrun.seccomp.FilterAssembler.Label;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Turns decisions into instructions. Each test is there once, and has two entries: one that loads the word that it looks
 * at, and one for those that come from a test of the same word.
 */
final class FilterCode {
    private static final int ALL_BITS = -1;

    /** The entries of a test; {@code load} is null if nobody comes in by it. */
    private record Entries(Label load, Label test) {}

    private final FilterAssembler assembler = new FilterAssembler();
    private final Set<Test> entered = new HashSet<>();
    private final Set<Test> loading = new HashSet<>();
    private final Map<Test, Entries> placed = new IdentityHashMap<>();

    private FilterCode() {}

    /** An array of {@code struct sock_filter}. */
    static byte[] of(Decision decision) {
        FilterCode code = new FilterCode();
        if (decision instanceof Test first) {
            code.findLoads(first);
            code.placeAll(first);
        } else {
            code.assembler.ret(((Return) decision).value());
        }
        return code.assembler.assemble();
    }

    private void findLoads(Test first) {
        loading.add(first);
        entered.add(first);
        Deque<Test> open = new ArrayDeque<>(entered);
        while (!open.isEmpty()) {
            Test test = open.pop();
            enter(test.then(), test, open);
            enter(test.otherwise(), test, open);
        }
    }

    private void enter(Decision decision, Test before, Deque<Test> open) {
        if (decision instanceof Test test) {
            if (!test.looksAtSameAs(before)) {
                loading.add(test);
            }
            if (entered.add(test)) {
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
                    placed.put(test, place(test));
                }
            }
        }
    }

    private boolean isToBePlaced(Decision decision) {
        return decision instanceof Test test && !placed.containsKey(test);
    }

    private Entries place(Test test) {
        Label then = target(test.then(), test);
        Label otherwise = target(test.otherwise(), test);
        Label compare = assembler.test(test.comparison(), test.operand(), then, otherwise);
        if (!loading.contains(test)) {
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
        Entries entries = placed.get(test);
        return assembler.near(test.looksAtSameAs(before) ? entries.test() : entries.load());
    }
}
