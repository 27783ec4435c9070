// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules for one system call of one ABI, of which the first one that holds applies. The order is libseccomp's: a
 * rule without conditions before all others, and the first such rule before the next. Rules with conditions are in the
 * order of {@link RuleOrder}.
 */
final class CallRules {
    private final Abi abi;
    private final List<CallRule> rules = new ArrayList<>();

    CallRules(Abi abi) {
        this.abi = abi;
    }

    void add(CallRule rule) {
        CallRule simplified = rule.on(abi);
        if (isUnconditional()) {
            return;
        }
        if (simplified.conditions().isEmpty()) {
            rules.clear();
        }
        rules.add(simplified);
    }

    /** The rules, first of all those that come first. */
    List<CallRule> inOrder() {
        return haveOneResult() ? rules : RuleOrder.of(abi, rules);
    }

    private boolean isUnconditional() {
        return !rules.isEmpty() && rules.getFirst().conditions().isEmpty();
    }

    private boolean haveOneResult() {
        for (CallRule rule : rules) {
            if (rule.result() != rules.getFirst().result()) {
                return false;
            }
        }
        return true;
    }
}
