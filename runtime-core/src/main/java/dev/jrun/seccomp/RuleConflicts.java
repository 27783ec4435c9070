// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Problem;
import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Operator;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds contradicting rules: different results for one system call under the same conditions, EEXIST of
 * seccomp_rule_add(3). Rules that are left out for another reason, rules for a call that an earlier rule decides
 * without conditions, and rules for a call that no ABI of the profile has do not count.
 */
final class RuleConflicts {

    private final List<ProfileRule> rules;
    private final Set<Abi> abis;
    private final int defaultResult;

    /** The first rule that has a name and conditions. */
    private final Map<String, Integer> first = new HashMap<>();

    /** The first rule that has a name and no conditions that count, for each ABI for which it had to be known. */
    private final Map<Abi, Map<String, Integer>> unconditional = new EnumMap<>(Abi.class);

    private final List<Problem> problems = new ArrayList<>();

    private RuleConflicts(List<ProfileRule> rules, Set<Abi> abis, int defaultResult) {
        this.rules = rules;
        this.abis = abis;
        this.defaultResult = defaultResult;
    }

    /**
     * A problem for each name of a rule that has a conflict with a rule before it.
     *
     * @param rules those of a profile, in its order
     * @param abis those that the profile is for
     */
    static List<Problem> in(List<ProfileRule> rules, Set<Abi> abis, int defaultResult) {
        RuleConflicts conflicts = new RuleConflicts(rules, abis, defaultResult);
        for (int i = 0; i < rules.size(); i++) {
            for (CallRule alternative : rules.get(i).alternatives()) {
                if (!alternative.conditions().isEmpty() && alternative.result() != defaultResult) {
                    conflicts.look(i, alternative);
                }
            }
        }
        return conflicts.problems;
    }

    private void look(int index, CallRule rule) {
        String conditions = text(rule.conditions());
        List<String> names = rules.get(index).names();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Integer other = first.putIfAbsent(name + conditions, index);
            if (other != null && result(other) != rule.result() && isSaid(index, name)) {
                problems.add(new Problem(
                        "/linux/seccomp/syscalls/" + index + "/names/" + i,
                        '"' + name + '"',
                        "/linux/seccomp/syscalls/" + other + " has another action for it under the same conditions",
                        Optional.empty()));
            }
        }
    }

    /** All alternatives of a rule have one result. */
    private int result(int index) {
        return rules.get(index).alternatives().getFirst().result();
    }

    /** Whether the rule comes into effect on any ABI. */
    private boolean isSaid(int index, String name) {
        for (Abi abi : abis) {
            if (abi.numbers().containsKey(name) && unconditional(abi).getOrDefault(name, index) >= index) {
                return true;
            }
        }
        return false;
    }

    private Map<String, Integer> unconditional(Abi abi) {
        Map<String, Integer> found = unconditional.get(abi);
        if (found == null) {
            found = findUnconditional(abi);
            unconditional.put(abi, found);
        }
        return found;
    }

    private Map<String, Integer> findUnconditional(Abi abi) {
        Map<String, Integer> found = new HashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            if (isUnconditional(rules.get(i), abi)) {
                for (String name : rules.get(i).names()) {
                    found.putIfAbsent(name, i);
                }
            }
        }
        return found;
    }

    private boolean isUnconditional(ProfileRule rule, Abi abi) {
        for (CallRule alternative : rule.alternatives()) {
            if (alternative.result() != defaultResult
                    && alternative.on(abi).conditions().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The same text for conditions that mean the same. */
    private static String text(List<Arg> conditions) {
        var text = new StringBuilder();
        for (Arg condition : conditions) {
            text.append(' ')
                    .append(condition.index())
                    .append(' ')
                    .append(condition.op())
                    .append(' ');
            text.append(condition.value());
            if (condition.op() == Operator.SCMP_CMP_MASKED_EQ) {
                text.append(' ').append(condition.valueTwo() & condition.value());
            }
        }
        return text.toString();
    }
}
