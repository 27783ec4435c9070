// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Range;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Action;
import dev.jrun.spec.Seccomp.Arch;
import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Flag;
import dev.jrun.spec.Seccomp.Operator;
import dev.jrun.spec.Seccomp.Rule;
import java.util.Optional;

/** Makes a {@link Seccomp} of JSON: "Seccomp" of config-linux.md. */
final class SeccompBinding {
    private static final Range ARGUMENT = new Range(0, 5);

    private static final Names<Action> ACTIONS = Names.of(Action.values());
    private static final Names<Arch> ARCHITECTURES = Names.of(Arch.values());
    private static final Names<Flag> FLAGS = Names.of(Flag.values());
    private static final Names<Operator> OPERATORS = Names.of(Operator.values());

    private SeccompBinding() {}

    static Seccomp seccomp(Members json) {
        Action defaultAction = json.requiredOneOf("defaultAction", ACTIONS);
        if (defaultAction == Action.SCMP_ACT_NOTIFY) {
            json.problem(
                    "defaultAction", "allowed: for single system calls only, since the listener needs some itself");
        }
        checkErrno(defaultAction, "defaultErrnoRet", json);
        if (json.has("listenerMetadata") && !json.has("listenerPath")) {
            json.problem("listenerMetadata", "allowed: with listenerPath only");
        }
        return new Seccomp(
                defaultAction,
                json.number("defaultErrnoRet", Range.UINT32),
                json.eachOneOf("architectures", ARCHITECTURES),
                json.has("flags") ? Optional.of(json.eachOneOf("flags", FLAGS)) : Optional.empty(),
                json.string("listenerPath"),
                json.string("listenerMetadata"),
                json.objects("syscalls", SeccompBinding::rule));
    }

    private static Rule rule(Members json) {
        Rule rule = new Rule(
                json.strings("names"),
                json.requiredOneOf("action", ACTIONS),
                json.number("errnoRet", Range.UINT32),
                json.objects("args", SeccompBinding::arg));
        if (rule.names().isEmpty() && !json.failed()) {
            json.problem("names", "required: the names of system calls");
        }
        checkErrno(rule.action(), "errnoRet", json);
        return rule;
    }

    /** "When the action doesn't support an errno, the runtime MUST print an error and fail." */
    private static void checkErrno(Action action, String name, Members json) {
        boolean returnsErrno = action == Action.SCMP_ACT_ERRNO || action == Action.SCMP_ACT_TRACE;
        if (json.has(name) && !returnsErrno && !json.failed()) {
            json.problem(name, "allowed: with SCMP_ACT_ERRNO and SCMP_ACT_TRACE only");
        }
    }

    private static Arg arg(Members json) {
        return new Arg(
                (int) json.requiredNumber("index", ARGUMENT),
                json.requiredNumber("value", Range.UINT64),
                json.number("valueTwo", Range.UINT64).orElse(0),
                json.requiredOneOf("op", OPERATORS));
    }
}
