// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.LaunchFailure;
import dev.jrun.container.launch.ContainerResctrl;
import dev.jrun.container.launch.FailureHint;
import dev.jrun.container.launch.UserIds;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.NotExecutableException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.exec.ExecProgram;
import dev.jrun.launch.exec.ExecProtocol;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.HomeDirectory;
import dev.jrun.program.Instruction;
import dev.jrun.program.Patch;
import dev.jrun.program.Report;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.Source;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Answers what an {@link ExecProgram} reports while it runs. */
final class ExecConversation {

    private static final Tag[] DUE = {
        Tag.HELD,
        Tag.PREPARED,
        Tag.ADDED,
        Tag.EXECUTED,
        Tag.DONE,
        Tag.STARTED,
        Tag.INIT_FAILED,
        Tag.SHIM_FAILED,
        Tag.INIT_LOST
    };

    private static final byte[] NO_WORDS = {};

    private static final String CGROUP = "/linux/cgroupsPath";

    private final ExecCall call;
    private final ExecPlan plan;
    private final ReadyExec exec;
    private final ExecProtocol protocol;
    private final Conversation conversation;

    ExecConversation(ExecCall call, ExecPlan plan, ReadyExec exec, Conversation conversation) {
        this.call = call;
        this.plan = plan;
        this.exec = exec;
        this.protocol = exec.protocol();
        this.conversation = conversation;
    }

    /** How it ended. */
    enum End {
        /** The process runs, and the shim ends by itself. */
        EXECUTED,
        /**
         * The container has given its controllers to cgroups below its own, which takes no processes then, or has
         * removed the one that was delegated to it. The shim awaits a program.
         */
        CGROUP_TAKES_NONE
    }

    /**
     * Waits until the process executes.
     *
     * @throws ContainerException if it does not; nothing is left of it, and the shim awaits a program
     */
    End await() throws ContainerException, SessionBrokenException {
        while (true) {
            Report.Yielded report = conversation.await(DUE);
            switch (Tag.of(report.tag())) {
                case HELD -> checkInit();
                case PREPARED -> tellHome(report.ranges().getFirst());
                case ADDED -> addToResctrl(report.value(protocol.pid()));
                case EXECUTED -> checkHasExecuted(report.value(protocol.pid()));
                case INIT_FAILED -> {
                    return failed(
                            report.value(protocol.insideInstruction()),
                            report.value(protocol.insideErrno()),
                            report.ranges().getFirst());
                }
                case SHIM_FAILED -> {
                    return failed(
                            report.value(protocol.failedInstruction()), report.value(protocol.failedErrno()), NO_WORDS);
                }
                case INIT_LOST -> {
                    conversation.awaitEnd();
                    throw new ContainerException(describeLoss(WaitStatus.of(report.value(protocol.status()))));
                }
                default -> {
                    return End.EXECUTED;
                }
            }
        }
    }

    private void checkInit() throws ContainerException, SessionBrokenException {
        ProcessIdentity init = plan.container().init().orElseThrow();
        try {
            if (!init.isAlive()) {
                throw new NotRunningException("container not running", Status.STOPPED);
            }
        } catch (ContainerException e) {
            conversation.endAt(protocol.abandoned());
            throw e;
        }
        conversation.go(protocol.asksForHostUser() ? hostUser(init.pid()) : List.of());
    }

    /** Nothing if it cannot be found out; then nothing is given to the user. */
    private List<Patch> hostUser(long init) {
        try {
            OptionalLong host = UserIds.of(init).host(plan.process().user().uid());
            return host.isPresent() ? List.of(protocol.hostUserPatch(host.getAsLong())) : List.of();
        } catch (IOException unknown) {
            return List.of();
        }
    }

    private void tellHome(byte[] passwd) throws SessionBrokenException {
        String home = HomeDirectory.of(passwd, plan.process().user().uid());
        exec.prepared().learnHome(passwd, home);
        conversation.go(List.of(protocol.homePatch(home)));
    }

    private void addToResctrl(long pid) throws ContainerException, SessionBrokenException {
        try {
            ContainerResctrl.add(plan.config(), call.id(), pid);
        } catch (ContainerException e) {
            conversation.endAt(protocol.abandoned());
            throw e;
        }
        conversation.go();
    }

    /** Whoever supervises it sees how it ended; one that is detached would count as executed, and be gone. */
    private void checkHasExecuted(long pid) throws ContainerException, SessionBrokenException {
        try {
            if (ProcessIdentity.hasNotExecuted(pid)) {
                throw new ContainerException("the process was killed before its program ran");
            }
        } catch (ContainerException e) {
            conversation.endAt(protocol.abandoned());
            throw e;
        }
        conversation.go();
    }

    private End failed(long instruction, long errno, byte[] diagnosis)
            throws ContainerException, SessionBrokenException {
        conversation.awaitEnd();
        Instruction failed = exec.program().instructions().get((int) instruction);
        if (errno == Errno.EBUSY.number() && entersCgroup(failed)) {
            return End.CGROUP_TAKES_NONE;
        }
        Source step = exec.program().source((int) instruction);
        if (errno == Errno.ENOENT.number()
                && plan.place().isInDelegated()
                && step.pointer().equals(CGROUP)) {
            return End.CGROUP_TAKES_NONE;
        }
        String message = LaunchFailure.describe(plan.text().step(step), errno, diagnosis)
                + new FailureHint(plan.config(), call.callerPid()).of(step, errno)
                + (makesProcess(failed) ? whyNone(errno) : "");
        // setns(2), of a pidfd: its process has ended since it was looked at.
        if (errno == Errno.ESRCH.number() && calls(failed, Syscall.SETNS)) {
            throw new NotRunningException("container not running: " + message, Status.STOPPED);
        }
        throw step.pointer().equals(LaunchFailure.EXECUTABLE)
                ? new NotExecutableException(message)
                : new ContainerException(message);
    }

    private static boolean entersCgroup(Instruction instruction) {
        return calls(instruction, Syscall.CLONE3) || calls(instruction, Syscall.WRITE);
    }

    private static boolean makesProcess(Instruction instruction) {
        return calls(instruction, Syscall.CLONE3) || calls(instruction, Syscall.CLONE);
    }

    private static boolean calls(Instruction instruction, Syscall call) {
        return instruction instanceof Instruction.SystemCall made && made.call() == call;
    }

    /** clone(2), ENOMEM and EAGAIN. */
    private static String whyNone(long errno) {
        if (errno == Errno.ENOMEM.number()) {
            return " (container not running any more, or out of memory)";
        }
        return errno == Errno.EAGAIN.number()
                ? " (is pids.max of the container's cgroup, or RLIMIT_NPROC, reached?)"
                : "";
    }

    private static String describeLoss(WaitStatus status) {
        int signal = status.signal();
        String end = signal == 0 ? "exit code " + status.exitCode() : new Signal(signal).signalName();
        return "the process ended before its program ran: " + end
                + (signal == Signal.KILL.number() ? " (killed, or out of memory)" : "");
    }
}
