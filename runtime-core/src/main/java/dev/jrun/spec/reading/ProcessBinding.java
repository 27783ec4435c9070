// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.kernel.ResourceLimit;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.IoPriority;
import dev.jrun.spec.Process;
import dev.jrun.spec.Process.ConsoleSize;
import dev.jrun.spec.Process.ExecCpuAffinity;
import dev.jrun.spec.Range;
import dev.jrun.spec.Rlimit;
import dev.jrun.spec.Scheduler;
import dev.jrun.spec.User;
import java.util.List;

/** Makes a {@link Process} of JSON: "Process" and "Linux Process" of config.md. */
final class ProcessBinding {
    private static final Range UMASK = new Range(0, 0777);
    private static final Range OOM_SCORE_ADJ = new Range(-1000, 1000);
    private static final Range NICE = new Range(-20, 19);
    private static final Range STATIC_PRIORITY = new Range(0, 99);
    /** Times of SCHED_DEADLINE: the kernel takes 63 bits, and no runtime below 1024 ns; sched_setattr(2), EINVAL. */
    private static final Range TIME = new Range(0, Long.MAX_VALUE);

    private static final Range RUNTIME = new Range(1024, Long.MAX_VALUE);

    private static final Range IO_PRIORITY = new Range(0, 7);

    private static final Names<ResourceLimit> RLIMITS = Names.of(ResourceLimit.values());
    private static final Names<Scheduler.Policy> POLICIES = Names.of(Scheduler.Policy.values());
    private static final Names<Scheduler.Flag> SCHEDULER_FLAGS = Names.of(Scheduler.Flag.values());
    private static final Names<IoPriority.IoClass> IO_CLASSES = Names.of(IoPriority.IoClass.values());

    private ProcessBinding() {}

    static Process process(Members json) {
        boolean terminal = json.flag("terminal");
        return new Process(
                terminal,
                json.object("consoleSize", terminal ? ProcessBinding::consoleSize : ProcessBinding::noConsole),
                json.object("user", ProcessBinding::user).orElse(User.ROOT),
                json.strings("args"),
                json.strings("env", Syntax.ENVIRONMENT_ENTRY),
                json.requiredString("cwd", Syntax.ABSOLUTE_PATH),
                json.object("capabilities", ProcessBinding::capabilities),
                rlimits(json),
                json.flag("noNewPrivileges"),
                json.smallNumber("oomScoreAdj", OOM_SCORE_ADJ),
                json.object("scheduler", ProcessBinding::scheduler),
                json.object("ioPriority", ProcessBinding::ioPriority),
                json.object("execCPUAffinity", ProcessBinding::execCpuAffinity).orElse(ExecCpuAffinity.NONE),
                json.string("apparmorProfile"),
                json.string("selinuxLabel"));
    }

    /** A process that is to be run, and not only described. */
    static Process processToRun(Members json) {
        Process process = process(json);
        if (process.args().isEmpty() && !json.failedAt("args")) {
            json.problem(json.at("args"), "nothing", "required: the program to run, and its arguments");
        }
        return process;
    }

    private static ConsoleSize consoleSize(Members json) {
        return new ConsoleSize(
                (int) json.requiredNumber("height", Range.UINT16), (int) json.requiredNumber("width", Range.UINT16));
    }

    /** "Runtimes MUST ignore consoleSize if terminal is false": any number that the schema has will do. */
    private static ConsoleSize noConsole(Members json) {
        json.requiredNumber("height", Range.UINT64);
        json.requiredNumber("width", Range.UINT64);
        return new ConsoleSize(0, 0);
    }

    private static User user(Members json) {
        return new User(
                json.number("uid", Range.ID).orElse(0),
                json.number("gid", Range.ID).orElse(0),
                json.smallNumber("umask", UMASK),
                json.numbers("additionalGids", Range.ID));
    }

    private static Capabilities capabilities(Members json) {
        return new Capabilities(
                json.optionalStrings("bounding"),
                json.optionalStrings("effective"),
                json.optionalStrings("inheritable"),
                json.optionalStrings("permitted"),
                json.optionalStrings("ambient"));
    }

    private static List<Rlimit> rlimits(Members json) {
        List<Rlimit> rlimits = json.objects("rlimits", ProcessBinding::rlimit);
        json.checkDistinct("rlimits", rlimits, rlimit -> rlimit.type().name());
        return rlimits;
    }

    private static Rlimit rlimit(Members json) {
        Rlimit rlimit = new Rlimit(
                json.requiredOneOf("type", RLIMITS),
                json.requiredNumber("soft", Range.UINT64),
                json.requiredNumber("hard", Range.UINT64));
        if (!json.failed() && Long.compareUnsigned(rlimit.soft(), rlimit.hard()) > 0) {
            json.problem(
                    "soft",
                    "allowed: at most the hard limit of " + rlimit.type() + ", "
                            + Long.toUnsignedString(rlimit.hard()));
        }
        return rlimit;
    }

    private static Scheduler scheduler(Members json) {
        Scheduler scheduler = new Scheduler(
                json.requiredOneOf("policy", POLICIES),
                json.smallNumber("nice", NICE).orElse(0),
                json.smallNumber("priority", STATIC_PRIORITY).orElse(0),
                json.eachOneOf("flags", SCHEDULER_FLAGS),
                json.number("runtime", TIME).orElse(0),
                json.number("deadline", TIME).orElse(0),
                json.number("period", TIME).orElse(0));
        if (!json.failedAt("policy")) {
            checkThatPolicyTakesParameters(scheduler, json);
            // It may be the misspelled flag.
            if (!scheduler.flags().contains(Scheduler.Flag.SCHED_FLAG_KEEP_PARAMS) && !json.failedAt("flags")) {
                checkThatPolicyHasParameters(scheduler, json);
            }
        }
        return scheduler;
    }

    /** sched_setattr(2) says which policy has which parameters. */
    private static void checkThatPolicyTakesParameters(Scheduler scheduler, Members json) {
        Scheduler.Policy policy = scheduler.policy();
        if (scheduler.priority() != 0 && policy != Scheduler.Policy.SCHED_FIFO && policy != Scheduler.Policy.SCHED_RR) {
            json.problem("priority", "allowed: with SCHED_FIFO and SCHED_RR only");
        }
        if (policy != Scheduler.Policy.SCHED_DEADLINE) {
            checkThatAbsent("runtime", scheduler.runtime(), json);
            checkThatAbsent("deadline", scheduler.deadline(), json);
            checkThatAbsent("period", scheduler.period(), json);
        }
    }

    /** What would be EINVAL of sched_setattr(2), which does not say why. */
    private static void checkThatPolicyHasParameters(Scheduler scheduler, Members json) {
        switch (scheduler.policy()) {
            case SCHED_FIFO, SCHED_RR -> {
                if (scheduler.priority() == 0 && !json.failedAt("priority")) {
                    json.problem("priority", "required: a whole number from 1 to 99 with " + scheduler.policy());
                }
            }
            case SCHED_DEADLINE -> checkTimes(scheduler, json);
            case SCHED_ISO -> json.problem("policy", "reserved: no Linux implements it");
            case SCHED_OTHER, SCHED_BATCH, SCHED_IDLE -> {}
        }
    }

    /** A period of 0 is one as long as the deadline. */
    private static void checkTimes(Scheduler scheduler, Members json) {
        if (json.failedAt("runtime") || json.failedAt("deadline") || json.failedAt("period")) {
            return;
        }
        if (!RUNTIME.includes(scheduler.runtime())) {
            json.problem("runtime", "required: %s with SCHED_DEADLINE".formatted(RUNTIME));
        } else if (scheduler.deadline() < scheduler.runtime()) {
            json.problem("deadline", "required: at least the runtime, " + scheduler.runtime());
        } else if (scheduler.period() < scheduler.deadline() && scheduler.period() != 0) {
            json.problem("period", "allowed: at least the deadline, " + scheduler.deadline());
        }
    }

    private static void checkThatAbsent(String name, long value, Members json) {
        if (value != 0) {
            json.problem(name, "allowed: with SCHED_DEADLINE only");
        }
    }

    private static IoPriority ioPriority(Members json) {
        return new IoPriority(
                json.requiredOneOf("class", IO_CLASSES),
                json.smallNumber("priority", IO_PRIORITY).orElse(0));
    }

    private static ExecCpuAffinity execCpuAffinity(Members json) {
        return new ExecCpuAffinity(
                json.string("initial", Syntax.NUMBER_LIST), json.string("final", Syntax.NUMBER_LIST));
    }
}
