// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.seccomp.Decision.Return;
import dev.jrun.seccomp.Decision.Test;
import dev.jrun.seccomp.FilterAssembler.Label;
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
            code.findLoads(first, null);
            code.place(first);
        } else {
            code.assembler.ret(((Return) decision).value());
        }
        return code.assembler.assemble();
    }

    private void findLoads(Decision decision, Test before) {
        if (!(decision instanceof Test test)) {
            return;
        }
        if (before == null || !test.looksAtSameAs(before)) {
            loading.add(test);
        }
        if (entered.add(test)) {
            findLoads(test.then(), test);
            findLoads(test.otherwise(), test);
        }
    }

    private void place(Decision decision) {
        if (!(decision instanceof Test test) || placed.containsKey(test)) {
            return;
        }
        // What is placed last is the nearest.
        place(test.otherwise());
        place(test.then());
        Label then = target(test.then(), test);
        Label otherwise = target(test.otherwise(), test);
        Label compare = assembler.test(test.comparison(), test.operand(), then, otherwise);
        Label load = null;
        if (loading.contains(test)) {
            if (test.mask() != ALL_BITS) {
                assembler.and(test.mask());
            }
            load = assembler.load(test.offset());
        }
        placed.put(test, new Entries(load, compare));
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
