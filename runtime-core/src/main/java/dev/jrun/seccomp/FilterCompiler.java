// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SeccompFlags;
import dev.jrun.kernel.SeccompReturn;
import dev.jrun.seccomp.Decision.Comparison;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Action;
import dev.jrun.spec.Seccomp.Arch;
import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Flag;
import dev.jrun.spec.reading.Reading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Compiles a profile to a filter, once. */
final class FilterCompiler {
    private static final String POINTER = "/linux/seccomp";
    private static final int MAX_DATA = 0xffff;

    private static final int MAX_SIZE = SeccompFilter.MAX_INSTRUCTIONS * FilterAssembler.INSTRUCTION_SIZE;

    private static final int X32_BIT = 1 << 30;
    private static final int SIGN_BIT = 1 << 31;
    /** A tracer lets a system call be skipped by changing its number to this: seccomp(2), "SECCOMP_RET_TRACE". */
    private static final int SKIPPED = -1;

    private final Seccomp profile;
    private final Abi nativeAbi;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Decisions decisions = new Decisions();

    FilterCompiler(Seccomp profile, Abi nativeAbi) {
        this.profile = profile;
        this.nativeAbi = nativeAbi;
    }

    Reading<SeccompFilter> compile() {
        int defaultResult = result(profile.defaultAction(), profile.defaultErrnoRet(), POINTER + "/defaultErrnoRet");
        List<ProfileRule> rules = rules();
        problems.addAll(RuleConflicts.in(rules, abis(), defaultResult));
        if (!problems.isEmpty()) {
            return new Reading<>(Optional.empty(), problems, warnings);
        }
        byte[] instructions = FilterCode.of(filter(rules, defaultResult), decisions);
        if (instructions.length > MAX_SIZE) {
            problem(
                    POINTER + "/syscalls",
                    "",
                    "the filter takes more than the " + SeccompFilter.MAX_INSTRUCTIONS
                            + " BPF instructions that Linux allows");
            return new Reading<>(Optional.empty(), problems, warnings);
        }
        return new Reading<>(Optional.of(new SeccompFilter(instructions, flags())), problems, warnings);
    }

    private List<ProfileRule> rules() {
        List<ProfileRule> rules = new ArrayList<>();
        for (int i = 0; i < profile.syscalls().size(); i++) {
            Seccomp.Rule rule = profile.syscalls().get(i);
            String pointer = POINTER + "/syscalls/" + i;
            int result = result(rule.action(), rule.errnoRet(), pointer + "/errnoRet");
            rules.add(new ProfileRule(rule.names(), alternatives(rule.args(), result, pointer)));
        }
        return rules;
    }

    /** All conditions have to hold; but as with runc any one is enough as soon as two are on the same argument. */
    private List<CallRule> alternatives(List<Arg> args, int result, String pointer) {
        Arg[] byIndex = new Arg[6];
        boolean isRepeated = false;
        for (Arg arg : args) {
            isRepeated |= byIndex[arg.index()] != null;
            byIndex[arg.index()] = arg;
        }
        List<CallRule> alternatives = new ArrayList<>();
        if (isRepeated) {
            warnings.add(new Problem(
                    pointer + "/args",
                    "several conditions on one argument",
                    "any one of the rule's conditions is enough then, as with runc; they do not all have to hold",
                    Optional.empty()));
            for (Arg arg : args) {
                alternatives.add(new CallRule(List.of(arg), result));
            }
            return alternatives;
        }
        List<Arg> conditions = new ArrayList<>();
        for (Arg arg : byIndex) {
            if (arg != null) {
                conditions.add(arg);
            }
        }
        alternatives.add(new CallRule(conditions, result));
        return alternatives;
    }

    private int result(Action action, OptionalLong errnoRet, String pointer) {
        return switch (action) {
            case SCMP_ACT_KILL, SCMP_ACT_KILL_THREAD -> SeccompReturn.SECCOMP_RET_KILL_THREAD;
            case SCMP_ACT_KILL_PROCESS -> SeccompReturn.SECCOMP_RET_KILL_PROCESS;
            case SCMP_ACT_TRAP -> SeccompReturn.SECCOMP_RET_TRAP;
            case SCMP_ACT_ERRNO -> SeccompReturn.SECCOMP_RET_ERRNO | data(errnoRet, Errno.MAX_ERRNO, pointer);
            case SCMP_ACT_TRACE -> SeccompReturn.SECCOMP_RET_TRACE | data(errnoRet, MAX_DATA, pointer);
            case SCMP_ACT_LOG -> SeccompReturn.SECCOMP_RET_LOG;
            case SCMP_ACT_NOTIFY -> SeccompReturn.SECCOMP_RET_USER_NOTIF;
            case SCMP_ACT_ALLOW -> SeccompReturn.SECCOMP_RET_ALLOW;
        };
    }

    private int data(OptionalLong errnoRet, int max, String pointer) {
        long data = errnoRet.orElse(Errno.EPERM.number());
        if (data > max) {
            problem(pointer, Long.toString(data), "allowed: 0…" + max);
        }
        return (int) data;
    }

    private int flags() {
        int flags = 0;
        if (notifies()) {
            flags |= SeccompFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER;
        }
        // What runc does by default: a filter is no reason to make a program slower.
        for (Flag flag : profile.flags().orElse(List.of(Flag.SECCOMP_FILTER_FLAG_SPEC_ALLOW))) {
            flags |= switch (flag) {
                case SECCOMP_FILTER_FLAG_TSYNC ->
                    notifies()
                            ? SeccompFlags.SECCOMP_FILTER_FLAG_TSYNC | SeccompFlags.SECCOMP_FILTER_FLAG_TSYNC_ESRCH
                            : SeccompFlags.SECCOMP_FILTER_FLAG_TSYNC;
                case SECCOMP_FILTER_FLAG_LOG -> SeccompFlags.SECCOMP_FILTER_FLAG_LOG;
                case SECCOMP_FILTER_FLAG_SPEC_ALLOW -> SeccompFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW;
                // The kernel refuses it where there is nobody to be notified, and so nothing to wait for.
                case SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV ->
                    notifies() ? SeccompFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV : 0;
            };
        }
        return flags;
    }

    private boolean notifies() {
        for (Seccomp.Rule rule : profile.syscalls()) {
            if (rule.action() == Action.SCMP_ACT_NOTIFY) {
                return true;
            }
        }
        return false;
    }

    /** Those that the profile is for. */
    private Set<Abi> abis() {
        Set<Abi> abis = EnumSet.of(nativeAbi);
        for (Arch arch : profile.architectures()) {
            abis.add(Abi.of(arch));
        }
        return abis;
    }

    private Decision filter(List<ProfileRule> rules, int defaultResult) {
        Map<Abi, AbiRules> abis = new EnumMap<>(Abi.class);
        List<Abi> order = new ArrayList<>();
        order.add(nativeAbi);
        abis.put(nativeAbi, new AbiRules(nativeAbi, rules, defaultResult));
        for (int i = 0; i < profile.architectures().size(); i++) {
            Arch arch = profile.architectures().get(i);
            Abi abi = Abi.of(arch);
            if (!abis.containsKey(abi)) {
                order.add(abi);
                abis.put(abi, new AbiRules(abi, rules, defaultResult));
            }
            if (isRestrictive() && abis.get(abi).greatestNumber() == 0) {
                warnings.add(new Problem(
                        POINTER + "/architectures/" + i,
                        "\"" + arch + "\"",
                        "the profile names no system call that this architecture has",
                        Optional.empty()));
            }
        }
        Decision decision = foreign();
        for (Abi abi : order.reversed()) {
            if (abi != Abi.X32 || !abis.containsKey(Abi.X86_64)) {
                decision = decisions.test(
                        SeccompData.ARCHITECTURE,
                        Comparison.EQUAL,
                        abi.auditArch(),
                        numbers(abi, abis, decisions.returning(defaultResult)),
                        decision);
            }
        }
        return decision;
    }

    private Decision numbers(Abi abi, Map<Abi, AbiRules> abis, Decision otherwise) {
        NumberRanges ranges = new NumberRanges();
        if (abi == Abi.X86_64 || abi == Abi.X32) {
            addX86_64(ranges, abis.get(Abi.X86_64), abis.get(Abi.X32), otherwise);
        } else {
            add(ranges, 0, abis.get(abi), otherwise);
        }
        return ranges.search(decisions);
    }

    /**
     * x86_64 and x32 have one audit architecture. Numbers that are negative are no system calls: they are decided upon
     * as by libseccomp, with what runc puts before it.
     *
     * @param x86_64 null if the profile is not for it, as {@code x32} may be
     */
    private void addX86_64(NumberRanges ranges, AbiRules x86_64, AbiRules x32, Decision otherwise) {
        if (x86_64 == null) {
            ranges.add(0, foreign(), 1);
        } else {
            add(ranges, 0, x86_64, otherwise);
        }
        if (x32 == null) {
            ranges.add(X32_BIT, foreign(), 1);
        } else {
            add(ranges, X32_BIT, x32, otherwise);
        }
        Decision absent = x32 == null ? foreign() : otherwise;
        ranges.add(SIGN_BIT, x86_64 == null ? absent : beyond(x86_64, absent), 1);
        ranges.add(SIGN_BIT | X32_BIT, x32 == null ? foreign() : beyond(x32, otherwise), 1);
        ranges.add(SKIPPED, x32 == null ? otherwise : beyond(x32, otherwise), 1);
    }

    private void add(NumberRanges ranges, int first, AbiRules rules, Decision otherwise) {
        rules.addTo(ranges, first, decisions, otherwise, beyond(rules, otherwise));
    }

    /**
     * For numbers that are greater than all that the profile names. Most likely these system calls are newer than the
     * profile, and programs expect ENOSYS of a call that they cannot use: with EPERM they would not fall back to an
     * older one.
     */
    private Decision beyond(AbiRules rules, Decision otherwise) {
        return isRestrictive() && rules.greatestNumber() > 0
                ? decisions.returning(SeccompReturn.SECCOMP_RET_ERRNO | Errno.ENOSYS.number())
                : otherwise;
    }

    private boolean isRestrictive() {
        return switch (profile.defaultAction()) {
            case SCMP_ACT_ALLOW, SCMP_ACT_LOG, SCMP_ACT_TRACE -> false;
            case SCMP_ACT_KILL,
                    SCMP_ACT_KILL_PROCESS,
                    SCMP_ACT_KILL_THREAD,
                    SCMP_ACT_TRAP,
                    SCMP_ACT_ERRNO,
                    SCMP_ACT_NOTIFY -> true;
        };
    }

    /** For system calls of an architecture that the profile is not for, as libseccomp has it. */
    private Decision foreign() {
        return decisions.returning(SeccompReturn.SECCOMP_RET_KILL_THREAD);
    }

    private void problem(String pointer, String found, String message) {
        problems.add(new Problem(pointer, found, message, Optional.empty()));
    }
}
