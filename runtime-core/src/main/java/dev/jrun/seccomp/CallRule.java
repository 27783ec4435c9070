// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * What to return for one system call under some conditions.
 *
 * @param conditions all of which must hold, in the order of the arguments, at most one on each
 * @param result what the filter returns
 */
record CallRule(List<Arg> conditions, int result) {

    /** What it comes to on one ABI: a mask without bits that count there leaves nothing to compare. */
    CallRule on(Abi abi) {
        if (conditions.isEmpty()) {
            return this;
        }
        List<Arg> compared = new ArrayList<>();
        for (Arg condition : conditions) {
            long mask = abi.hasLongArguments() ? condition.value() : (int) condition.value();
            if (condition.op() != Operator.SCMP_CMP_MASKED_EQ || mask != 0) {
                compared.add(condition);
            }
        }
        return compared.size() == conditions.size() ? this : new CallRule(compared, result);
    }
}
