// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a profile says about a system call, read rule by rule, without regard to what comes first when several hold. */
final class PlainMeaning {
    private final Seccomp profile;
    private final int byDefault;
    private final Map<Abi, Map<Integer, List<Applicable>>> applicable = new HashMap<>();

    private record Applicable(CallRule rule, int result) {}

    PlainMeaning(Seccomp profile) {
        this.profile = profile;
        this.byDefault = ReferenceFilter.result(profile.defaultAction(), profile.defaultErrnoRet());
    }

    /** Whether any rule is on this system call. */
    boolean isAbout(SystemCall call) {
        return !applicable(call.abi(), call.number()).isEmpty();
    }

    /**
     * The results of the rules that hold: only that of the first one without conditions, if there is one.
     *
     * @param call of an ABI that the profile is for, with a number that it names
     */
    Set<Integer> of(SystemCall call) {
        Set<Integer> results = new HashSet<>();
        for (Applicable rule : applicable(call.abi(), call.number())) {
            if (isUnconditional(call.abi(), rule.rule())) {
                return Set.of(rule.result());
            }
            if (holds(call, rule.rule())) {
                results.add(rule.result());
            }
        }
        return results.isEmpty() ? Set.of(byDefault) : results;
    }

    private List<Applicable> applicable(Abi abi, int number) {
        return applicable
                .computeIfAbsent(abi, key -> new HashMap<>())
                .computeIfAbsent(number, key -> findApplicable(abi, number));
    }

    private List<Applicable> findApplicable(Abi abi, int number) {
        List<Applicable> found = new ArrayList<>();
        for (Rule rule : profile.syscalls()) {
            int result = ReferenceFilter.result(rule.action(), rule.errnoRet());
            if (result == byDefault) {
                continue;
            }
            for (String name : rule.names()) {
                MultiplexedCall function = MultiplexedCall.named(name);
                for (CallRule alternative : alternatives(rule.args())) {
                    if (abi.numbers().getOrDefault(name, -1) == number) {
                        found.add(new Applicable(alternative, result));
                    }
                    if (function != null && abi.numbers().getOrDefault(function.multiplexer(), -1) == number) {
                        found.add(new Applicable(function.rule(alternative), result));
                    }
                }
            }
        }
        return found;
    }

    private static List<CallRule> alternatives(List<Arg> args) {
        Set<Integer> indices = new HashSet<>();
        args.forEach(arg -> indices.add(arg.index()));
        if (indices.size() == args.size()) {
            return List.of(new CallRule(args, 0));
        }
        return args.stream().map(arg -> new CallRule(List.of(arg), 0)).toList();
    }

    private static boolean isUnconditional(Abi abi, CallRule rule) {
        for (Arg arg : rule.conditions()) {
            boolean isEmpty = arg.op() == Seccomp.Operator.SCMP_CMP_MASKED_EQ && width(abi, arg.value()) == 0;
            if (!isEmpty) {
                return false;
            }
        }
        return true;
    }

    private static boolean holds(SystemCall call, CallRule rule) {
        for (Arg arg : rule.conditions()) {
            long argument = width(call.abi(), call.arguments()[arg.index()]);
            long value = width(call.abi(), arg.value());
            int order = Long.compareUnsigned(argument, value);
            boolean holds = switch (arg.op()) {
                case SCMP_CMP_NE -> order != 0;
                case SCMP_CMP_LT -> order < 0;
                case SCMP_CMP_LE -> order <= 0;
                case SCMP_CMP_EQ -> order == 0;
                case SCMP_CMP_GE -> order >= 0;
                case SCMP_CMP_GT -> order > 0;
                case SCMP_CMP_MASKED_EQ -> ((argument ^ arg.valueTwo()) & value) == 0;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static long width(Abi abi, long value) {
        return abi.hasLongArguments() ? value : value & 0xffff_ffffL;
    }
}
