// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.seccomp.GeneratedProfile.Overlap;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.reading.Reading;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Filters do what the rules say, in generated profiles for all architectures. That includes those that libseccomp does
 * not know, both byte orders in one filter, and combinations of conditions of which it makes wrong filters.
 */
class FilterMeaningTest {
    /** {@code -Djrun.seccomp.profiles=100000} takes a while. */
    private static final int PROFILES = Integer.getInteger("jrun.seccomp.profiles", 200);

    private static final int FIRST_SEED = Integer.getInteger("jrun.seccomp.seed", 1);

    @Test
    void filtersDoWhatTheRulesSay() {
        Set<String> all = new TreeSet<>();
        for (Abi abi : Abi.values()) {
            all.addAll(abi.numbers().keySet());
        }
        // These turn rules without conditions into such with conditions, whose order would matter.
        all.removeIf(name -> MultiplexedCall.named(name) != null);
        List<String> names = List.copyOf(all);
        int tooLong = 0;
        for (int seed = FIRST_SEED; seed < FIRST_SEED + PROFILES; seed++) {
            List<Abi> abis = someAbis(new Random(seed));
            Seccomp profile = GeneratedProfile.of(seed, names, abis, Overlap.OF_ONE_RESULT);
            Reading<SeccompFilter> compiled = new FilterCompiler(profile, abis.getFirst()).compile();
            if (compiled.value().isEmpty()) {
                assertEquals("/linux/seccomp/syscalls", onlyProblem(compiled).pointer());
                tooLong++;
                continue;
            }
            FilterSimulator filter =
                    new FilterSimulator(compiled.value().get().instructions(), ByteOrder.LITTLE_ENDIAN);
            for (Abi abi : abis) {
                compare("seed " + seed, profile, filter, abi);
            }
        }
        assertTrue(tooLong <= PROFILES / 20, tooLong + " of " + PROFILES + " filters are too long");
    }

    private static void compare(String name, Seccomp profile, FilterSimulator filter, Abi abi) {
        PlainMeaning meaning = new PlainMeaning(profile);
        Set<Integer> numbers = new HashSet<>();
        for (Seccomp.Rule rule : profile.syscalls()) {
            rule.names().forEach(call -> numbers.add(abi.numbers().get(call)));
        }
        new InterestingCalls(profile, 1).forEach(abi, call -> {
            if (numbers.contains(call.number())) {
                Set<Integer> expected = meaning.of(call);
                int found = filter.run(call).result();
                if (!expected.equals(Set.of(found))) {
                    assertEquals(expected, Set.of(found), () -> name + ", " + call);
                }
            }
        });
    }

    private static List<Abi> someAbis(Random random) {
        List<Abi> abis = new ArrayList<>();
        for (Abi abi : Abi.values()) {
            if (random.nextInt(4) == 0) {
                abis.add(random.nextInt(abis.size() + 1), abi);
            }
        }
        return abis.isEmpty() ? List.of(Abi.X86_64) : abis;
    }

    private static Problem onlyProblem(Reading<SeccompFilter> compiled) {
        assertEquals(1, compiled.problems().size());
        return compiled.problems().getFirst();
    }
}
