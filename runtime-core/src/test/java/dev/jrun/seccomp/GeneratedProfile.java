// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Action;
import dev.jrun.spec.Seccomp.Arch;
import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Operator;
import dev.jrun.spec.Seccomp.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** A profile made of a seed, in which rules overlap more often than in those that people write. */
final class GeneratedProfile {
    private static final long[] OPERANDS = {
        0, 1, 2, 5, 16, 40, 0xffff_ffffL, 0x7e02_0000L, 1L << 32, (1L << 32) + 5, (2L << 32) + 1, -1, -2, Long.MIN_VALUE
    };

    private static final List<Operator> EQUALITIES = List.of(Operator.SCMP_CMP_EQ, Operator.SCMP_CMP_MASKED_EQ);
    private static final List<Operator> ALL = List.of(Operator.values());

    private final Random random;
    private final List<String> names;
    private final Overlap overlap;

    /** What may come together on one system call. */
    enum Overlap {
        /**
         * Either one rule with any conditions, or any rules with equalities only. Beyond that, libseccomp 2.5.4 makes
         * filters that do not do what the rules say, such as comparing a word of another argument.
         */
        AS_LIBSECCOMP_CAN,
        /** Everything, but rules with conditions have the same result. */
        OF_ONE_RESULT
    }

    private GeneratedProfile(long seed, List<String> names, Overlap overlap) {
        this.random = new Random(seed);
        this.names = names;
        this.overlap = overlap;
    }

    /**
     * @param names to choose from
     * @param abis of the profile
     */
    static Seccomp of(long seed, List<String> names, List<Abi> abis, Overlap overlap) {
        return new GeneratedProfile(seed, names, overlap).profile(abis);
    }

    private Seccomp profile(List<Abi> abis) {
        Action defaultAction = defaultAction();
        Set<String> single = new HashSet<>();
        List<String> several = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            several.add(oneOf(names));
        }
        Action shared = action();
        OptionalLong sharedErrno = errno(shared);
        boolean haveOneAction = overlap == Overlap.OF_ONE_RESULT || random.nextInt(3) == 0;
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            Action own = action();
            if (random.nextInt(3) == 0) {
                rules.add(new Rule(someNames(), own, errno(own), List.of()));
                continue;
            }
            String name = oneOf(several);
            List<Operator> operators = overlap == Overlap.OF_ONE_RESULT ? ALL : EQUALITIES;
            if (random.nextBoolean()) {
                name = oneOf(names);
                if (several.contains(name) || !single.add(name)) {
                    continue;
                }
                operators = ALL;
            }
            List<Arg> args = args(operators, single.contains(name));
            rules.add(
                    haveOneAction
                            ? new Rule(List.of(name), shared, sharedErrno, args)
                            : new Rule(List.of(name), own, errno(own), args));
        }
        List<Arch> arches = new ArrayList<>();
        for (Abi abi : abis) {
            arches.add(Arch.valueOf("SCMP_ARCH_" + abi));
        }
        return new Seccomp(
                defaultAction,
                errno(defaultAction),
                arches,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                rules);
    }

    private List<String> someNames() {
        List<String> some = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            some.add(oneOf(names));
        }
        return some;
    }

    /** @param areDistinct whether no two are on the same argument, which would make them alternatives */
    private List<Arg> args(List<Operator> operators, boolean areDistinct) {
        List<Arg> args = new ArrayList<>();
        Set<Integer> indices = new HashSet<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int index = random.nextInt(random.nextBoolean() ? 2 : 6);
            if (indices.add(index) || !areDistinct) {
                args.add(new Arg(index, operand(), operand(), oneOf(operators)));
            }
        }
        return args;
    }

    private long operand() {
        return random.nextInt(8) == 0 ? random.nextLong() : OPERANDS[random.nextInt(OPERANDS.length)];
    }

    private Action defaultAction() {
        Action action = action();
        return action == Action.SCMP_ACT_NOTIFY ? Action.SCMP_ACT_ERRNO : action;
    }

    private Action action() {
        return random.nextInt(3) == 0 ? Action.SCMP_ACT_ALLOW : Action.values()[random.nextInt(Action.values().length)];
    }

    private OptionalLong errno(Action action) {
        boolean hasNumber = action == Action.SCMP_ACT_ERRNO || action == Action.SCMP_ACT_TRACE;
        return hasNumber && random.nextBoolean() ? OptionalLong.of(random.nextInt(200)) : OptionalLong.empty();
    }

    private <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
