// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static dev.jrun.kernel.SeccompFlags.SECCOMP_FILTER_FLAG_LOG;
import static dev.jrun.kernel.SeccompFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER;
import static dev.jrun.kernel.SeccompFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW;
import static dev.jrun.kernel.SeccompFlags.SECCOMP_FILTER_FLAG_TSYNC;
import static dev.jrun.kernel.SeccompFlags.SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
import static dev.jrun.kernel.SeccompFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_ALLOW;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_ERRNO;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_KILL_PROCESS;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_KILL_THREAD;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_LOG;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_TRACE;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_TRAP;
import static dev.jrun.kernel.SeccompReturn.SECCOMP_RET_USER_NOTIF;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.spec.Problem;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.Seccomp.Action;
import dev.jrun.spec.Seccomp.Arch;
import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Flag;
import dev.jrun.spec.Seccomp.Operator;
import dev.jrun.spec.Seccomp.Rule;
import dev.jrun.spec.reading.Reading;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class SeccompFilterTest {
    private static final int EPERM = SECCOMP_RET_ERRNO | Errno.EPERM.number();
    private static final int ENOSYS = SECCOMP_RET_ERRNO | Errno.ENOSYS.number();

    static final List<String> CAPTURED = Profiles.CAPTURED;

    @ParameterizedTest
    @EnumSource
    void anActionIsWhatTheKernelIsToDo(Action action) {
        Seccomp profile = profile(Action.SCMP_ACT_ERRNO, rule(action, "getpid"));
        int expected = switch (action) {
            case SCMP_ACT_KILL, SCMP_ACT_KILL_THREAD -> SECCOMP_RET_KILL_THREAD;
            case SCMP_ACT_KILL_PROCESS -> SECCOMP_RET_KILL_PROCESS;
            case SCMP_ACT_TRAP -> SECCOMP_RET_TRAP;
            case SCMP_ACT_ERRNO -> EPERM;
            case SCMP_ACT_TRACE -> SECCOMP_RET_TRACE | Errno.EPERM.number();
            case SCMP_ACT_ALLOW -> SECCOMP_RET_ALLOW;
            case SCMP_ACT_LOG -> SECCOMP_RET_LOG;
            case SCMP_ACT_NOTIFY -> SECCOMP_RET_USER_NOTIF;
        };
        assertEquals(expected, decision(profile, "getpid"));
        assertEquals(EPERM, decision(profile, "getppid", rule(action, "getpid"), rule(action, "statx")));
    }

    @Test
    void errnoRetIsTheDataOfErrnoAndTrace() {
        Seccomp profile = new Seccomp(
                Action.SCMP_ACT_TRACE,
                OptionalLong.of(77),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(
                        new Rule(List.of("getpid"), Action.SCMP_ACT_ERRNO, OptionalLong.of(4095), List.of()),
                        new Rule(List.of("getuid"), Action.SCMP_ACT_TRACE, OptionalLong.of(65535), List.of()),
                        new Rule(List.of("getgid"), Action.SCMP_ACT_ALLOW, OptionalLong.of(5), List.of())));
        assertEquals(SECCOMP_RET_ERRNO | 4095, decision(profile, "getpid"));
        assertEquals(SECCOMP_RET_TRACE | 65535, decision(profile, "getuid"));
        assertEquals(SECCOMP_RET_ALLOW, decision(profile, "getgid"));
        assertEquals(SECCOMP_RET_TRACE | 77, decision(profile, "getppid"));
    }

    @Test
    void anErrorNumberThatTheKernelWouldCutIsAProblem() {
        Seccomp profile = new Seccomp(
                Action.SCMP_ACT_ERRNO,
                OptionalLong.of(4096),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(
                        rule(Action.SCMP_ACT_ALLOW, "read"),
                        new Rule(List.of("getuid"), Action.SCMP_ACT_TRACE, OptionalLong.of(65536), List.of())));
        Reading<SeccompFilter> compiled = SeccompFilter.compile(profile, Machine.X86_64);
        assertEquals(
                List.of(
                        "config.json#/linux/seccomp/defaultErrnoRet: found 4096; allowed: 0…4095",
                        "config.json#/linux/seccomp/syscalls/1/errnoRet: found 65536; allowed: 0…65535"),
                compiled.problems().stream()
                        .map(problem -> problem.in("config.json"))
                        .toList());
        assertTrue(compiled.value().isEmpty());
    }

    @Test
    void callsThatAreNewerThanTheProfileAreNotThere() {
        Seccomp profile = profile(Action.SCMP_ACT_ERRNO, rule(Action.SCMP_ACT_ALLOW, "read", "statx"));
        assertEquals(EPERM, decision(profile, "getpid"));
        assertEquals(ENOSYS, decision(profile, "openat2"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE"})
    void aDefaultThatLetsCallsThroughIsForNewerOnesToo(Action action) {
        Seccomp profile = profile(action, rule(Action.SCMP_ACT_ERRNO, "getpid"));
        assertEquals(decision(profile, "read"), decision(profile, "openat2"));
    }

    @Test
    void aRuleWithTheDefaultActionIsAsIfItWereNotThere() {
        Rule again = rule(Action.SCMP_ACT_ERRNO, "getpid");
        assertEquals(
                SECCOMP_RET_ALLOW,
                decision(profile(Action.SCMP_ACT_ERRNO, again, rule(Action.SCMP_ACT_ALLOW, "getpid")), "getpid"));
    }

    @Test
    void theFirstRuleWithoutConditionsApplies() {
        Rule conditional = new Rule(
                List.of("getpid"),
                Action.SCMP_ACT_LOG,
                OptionalLong.empty(),
                List.of(new Arg(0, 0, 0, Operator.SCMP_CMP_EQ)));
        Seccomp profile = profile(
                Action.SCMP_ACT_ERRNO,
                conditional,
                rule(Action.SCMP_ACT_TRAP, "getpid"),
                rule(Action.SCMP_ACT_ALLOW, "getpid"));
        assertEquals(SECCOMP_RET_TRAP, decision(profile, "getpid"));
    }

    private static Rule when(Action action, List<Arg> args, String... names) {
        return new Rule(List.of(names), action, OptionalLong.empty(), args);
    }

    private static List<String> problems(Rule... rules) {
        return SeccompFilter.compile(profile(Action.SCMP_ACT_ALLOW, rules), Machine.X86_64).problems().stream()
                .map(problem -> problem.in("config.json"))
                .toList();
    }

    private static final Arg ZERO = new Arg(0, 0, 0, Operator.SCMP_CMP_EQ);
    private static final Arg ONE = new Arg(1, 1, 0, Operator.SCMP_CMP_EQ);

    /** As with libseccomp, which says EEXIST. */
    @Test
    void differentActionsUnderTheSameConditionsAreAProblem() {
        assertEquals(
                List.of("config.json#/linux/seccomp/syscalls/1/names/1: found \"getpid\"; /linux/seccomp/syscalls/0 has"
                        + " another action for it under the same conditions"),
                problems(
                        when(Action.SCMP_ACT_LOG, List.of(ZERO, ONE), "getuid", "getpid"),
                        when(Action.SCMP_ACT_TRAP, List.of(ONE, ZERO), "getgid", "getpid")));
        // Two conditions on one argument are two rules, and what no comparison looks at makes none another.
        Arg repeated = new Arg(0, 5, 0, Operator.SCMP_CMP_EQ);
        Arg sameZero = new Arg(0, 0, 7, Operator.SCMP_CMP_EQ);
        assertEquals(
                1,
                problems(
                                when(Action.SCMP_ACT_LOG, List.of(ZERO), "getpid"),
                                when(Action.SCMP_ACT_TRAP, List.of(sameZero, repeated), "getpid"))
                        .size());
        assertEquals(
                1,
                problems(
                                when(Action.SCMP_ACT_LOG, List.of(masked(0xf, 0xf5)), "getpid"),
                                when(Action.SCMP_ACT_TRAP, List.of(masked(0xf, 5)), "getpid"))
                        .size());
    }

    private static Arg masked(long mask, long value) {
        return new Arg(0, mask, value, Operator.SCMP_CMP_MASKED_EQ);
    }

    @Test
    void rulesThatSayNothingAreInNobodysWay() {
        Rule trap = when(Action.SCMP_ACT_TRAP, List.of(ZERO), "getpid");
        Rule log = when(Action.SCMP_ACT_LOG, List.of(ZERO), "getpid");
        Rule always = when(Action.SCMP_ACT_LOG, List.of(), "getpid");
        assertEquals(List.of(), problems(trap, trap));
        assertEquals(List.of(), problems(trap, when(Action.SCMP_ACT_ALLOW, List.of(ZERO), "getpid")));
        assertEquals(List.of(), problems(always, trap, log));
        assertEquals(1, problems(trap, log, always).size());
        // Nothing is asked of an argument by a mask without bits.
        Rule empty = when(Action.SCMP_ACT_LOG, List.of(masked(0, 7)), "getpid");
        assertEquals(List.of(), problems(empty, trap, log));
        assertEquals(List.of(), problems(empty, when(Action.SCMP_ACT_TRAP, List.of(masked(0, 0)), "getpid")));
        assertEquals(
                List.of(),
                problems(
                        when(Action.SCMP_ACT_TRAP, List.of(ZERO), "riscv_hwprobe"),
                        when(Action.SCMP_ACT_LOG, List.of(ZERO), "riscv_hwprobe")),
                "of an ABI that the profile is not for");
        assertEquals(
                List.of(),
                problems(
                        when(Action.SCMP_ACT_TRAP, List.of(ZERO), "no_such_call"),
                        when(Action.SCMP_ACT_LOG, List.of(ZERO), "no_such_call")));
        assertEquals(
                List.of(),
                problems(
                        trap,
                        when(Action.SCMP_ACT_LOG, List.of(ZERO, ONE), "getpid"),
                        when(Action.SCMP_ACT_LOG, List.of(new Arg(0, 0, 0, Operator.SCMP_CMP_NE)), "getpid")));
    }

    @Test
    void namesThatNoArchitectureKnowsAreIgnored() {
        Seccomp profile = profile(Action.SCMP_ACT_ERRNO, rule(Action.SCMP_ACT_ALLOW, "no_such_call", "getpid"));
        Reading<SeccompFilter> compiled = SeccompFilter.compile(profile, Machine.X86_64);
        assertEquals(List.of(), compiled.warnings());
        assertEquals(SECCOMP_RET_ALLOW, decision(profile, "getpid"));
    }

    @Test
    void anArchitectureWithoutAnyOfTheCallsIsAWarning() {
        Seccomp profile = new Seccomp(
                Action.SCMP_ACT_ERRNO,
                OptionalLong.empty(),
                List.of(Arch.SCMP_ARCH_X86_64, Arch.SCMP_ARCH_AARCH64),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(rule(Action.SCMP_ACT_ALLOW, "open")));
        assertEquals(
                List.of("/linux/seccomp/architectures/1"),
                SeccompFilter.compile(profile, Machine.X86_64).warnings().stream()
                        .map(Problem::pointer)
                        .toList());
    }

    @Test
    void conditionsOnOneArgumentThatAreAlternativesAreAWarning() {
        Arg least = new Arg(0, 8, 0, Operator.SCMP_CMP_GE);
        Arg most = new Arg(0, 9, 0, Operator.SCMP_CMP_LE);
        Arg other = new Arg(1, 9, 0, Operator.SCMP_CMP_LE);
        Seccomp profile = profile(
                Action.SCMP_ACT_ERRNO,
                when(Action.SCMP_ACT_ALLOW, List.of(least, other), "getpid"),
                when(Action.SCMP_ACT_ALLOW, List.of(least, most), "personality"));
        assertEquals(
                List.of(
                        "config.json#/linux/seccomp/syscalls/1/args: found several conditions on one argument; any one of"
                                + " the rule's conditions is enough then, as with runc; they do not all have to hold"),
                SeccompFilter.compile(profile, Machine.X86_64).warnings().stream()
                        .map(problem -> problem.in("config.json"))
                        .toList());
    }

    @Test
    void onlyArchitecturesOfTheProfileAndTheMachineMakeSystemCalls() {
        Seccomp profile = profile(Action.SCMP_ACT_ALLOW, rule(Action.SCMP_ACT_LOG, "getpid"));
        assertEquals(SECCOMP_RET_LOG, decision(profile, Machine.X86_64, call(Abi.X86_64, 39)));
        assertEquals(SECCOMP_RET_LOG, decision(profile, Machine.AARCH64, call(Abi.AARCH64, 172)));
        for (SystemCall foreign : List.of(call(Abi.X86, 20), call(Abi.AARCH64, 172), call(Abi.X32, 1 << 30 | 39))) {
            assertEquals(SECCOMP_RET_KILL_THREAD, decision(profile, Machine.X86_64, foreign));
        }
        // How a tracer has a call skipped.
        assertEquals(SECCOMP_RET_ALLOW, decision(profile, Machine.X86_64, call(Abi.X86_64, -1)));
    }

    @Test
    void aFilterThatLinuxWouldNotTakeIsAProblem() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            rules.add(new Rule(
                    List.of("getpid"),
                    Action.SCMP_ACT_ALLOW,
                    OptionalLong.empty(),
                    List.of(new Arg(0, i * 2L, 0, Operator.SCMP_CMP_EQ))));
        }
        Reading<SeccompFilter> compiled =
                SeccompFilter.compile(profile(Action.SCMP_ACT_ERRNO, rules.toArray(Rule[]::new)), Machine.X86_64);
        assertEquals(
                List.of("config.json#/linux/seccomp/syscalls: the filter takes more than the 4096 BPF instructions that"
                        + " Linux allows"),
                compiled.problems().stream()
                        .map(problem -> problem.in("config.json"))
                        .toList());
    }

    @Test
    void flagsAreThoseOfTheProfile() {
        Rule allow = rule(Action.SCMP_ACT_ALLOW, "read");
        Rule notify = rule(Action.SCMP_ACT_NOTIFY, "mount");
        assertEquals(SECCOMP_FILTER_FLAG_SPEC_ALLOW, flags(Optional.empty(), allow));
        assertEquals(0, flags(Optional.of(List.of()), allow));
        List<Flag> all = List.of(Flag.values());
        assertEquals(
                SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                flags(Optional.of(all), allow));
        assertEquals(
                SECCOMP_FILTER_FLAG_TSYNC
                        | SECCOMP_FILTER_FLAG_TSYNC_ESRCH
                        | SECCOMP_FILTER_FLAG_LOG
                        | SECCOMP_FILTER_FLAG_SPEC_ALLOW
                        | SECCOMP_FILTER_FLAG_NEW_LISTENER
                        | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
                flags(Optional.of(all), allow, notify));
    }

    @ParameterizedTest
    @FieldSource("CAPTURED")
    void realProfilesCompileWithoutAWordForBothMachines(String name) {
        for (Machine machine : Machine.values()) {
            Reading<SeccompFilter> compiled = SeccompFilter.compile(Profiles.captured(name), machine);
            assertEquals(List.of(), compiled.problems());
            assertEquals(List.of(), compiled.warnings());
        }
    }

    private static int flags(Optional<List<Flag>> flags, Rule... rules) {
        Seccomp profile = new Seccomp(
                Action.SCMP_ACT_ERRNO,
                OptionalLong.empty(),
                List.of(),
                flags,
                Optional.empty(),
                Optional.empty(),
                List.of(rules));
        return SeccompFilter.compile(profile, Machine.X86_64)
                .value()
                .orElseThrow()
                .flags();
    }

    private static int decision(Seccomp profile, String name) {
        return decision(
                profile, Machine.X86_64, call(Abi.X86_64, Abi.X86_64.numbers().get(name)));
    }

    private static int decision(Seccomp profile, String name, Rule... instead) {
        return decision(profile(profile.defaultAction(), instead), name);
    }

    private static int decision(Seccomp profile, Machine machine, SystemCall call) {
        byte[] program =
                SeccompFilter.compile(profile, machine).value().orElseThrow().instructions();
        return new FilterSimulator(program, ByteOrder.LITTLE_ENDIAN).run(call).result();
    }

    private static SystemCall call(Abi abi, int number) {
        return new SystemCall(abi, number, 0, 0, 0, 0, 0, 0);
    }

    private static Seccomp profile(Action defaultAction, Rule... rules) {
        return new Seccomp(
                defaultAction,
                OptionalLong.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(rules));
    }

    private static Rule rule(Action action, String... names) {
        return new Rule(List.of(names), action, OptionalLong.empty(), List.of());
    }
}
