// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.LaunchFailure;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.SignalProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sends a signal to the init of a container, and to no other process that may have got its pid since. */
public final class InitSignal {

    /** How long an init may take to end after SIGKILL, in milliseconds. */
    private static final int END_LIMIT = 10_000;

    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Session session;
    private final KernelCalls kernel;

    public InitSignal(Session session, KernelCalls kernel) {
        this.session = session;
        this.kernel = kernel;
    }

    /** Sends {@code signal}; {@code false} if the process has ended. */
    public boolean send(ProcessIdentity init, Signal signal) throws ContainerException, SessionBrokenException {
        return converse(SignalProgram.toInit(init.pid(), signal, kernel), init);
    }

    /** Kills it and waits for its end; {@code false} if it had ended. */
    boolean killAndWait(ProcessIdentity init) throws ContainerException, SessionBrokenException {
        if (SignalProgram.canWait(kernel)) {
            return converse(SignalProgram.killAndWait(init.pid(), END_LIMIT), init);
        }
        boolean held = send(init, Signal.KILL);
        awaitEnd(init);
        return held;
    }

    /**
     * Kills it likewise, where it may be frozen in {@code cgroup}. Other processes of the container may freeze it anew, so it is thawed
     * until it has ended.
     */
    boolean killFrozenAndWait(ProcessIdentity init, Cgroup cgroup) throws ContainerException, SessionBrokenException {
        boolean held = send(init, Signal.KILL);
        awaitFrozenEnd(init, cgroup);
        return held;
    }

    /** Waits for the end of one that was killed, and may be frozen in {@code cgroup}. */
    static void awaitFrozenEnd(ProcessIdentity init, Cgroup cgroup) throws ContainerException {
        awaitEnd(init, () -> cgroup.letKilledEnd(init.pid()));
    }

    private static void awaitEnd(ProcessIdentity init) throws ContainerException {
        awaitEnd(init, () -> {});
    }

    /** What is done again and again while a process ends. */
    private interface Help {
        void give() throws CgroupException;
    }

    private static void awaitEnd(ProcessIdentity init, Help help) throws ContainerException {
        long limit = System.nanoTime() + Duration.ofMillis(END_LIMIT).toNanos();
        while (init.isAlive()) {
            try {
                help.give();
            } catch (CgroupException e) {
                throw new ContainerException(e.getMessage(), e);
            }
            if (System.nanoTime() > limit) {
                throw new ContainerException(
                        "wait for the end of process " + init.pid() + ": " + Errno.ETIMEDOUT.message());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean converse(Program program, ProcessIdentity init) throws ContainerException, SessionBrokenException {
        if (!init.mayBeSignalled()) {
            return false;
        }
        session.run(program);
        boolean held = false;
        while (true) {
            Report report = session.await();
            if (report instanceof Report.Yielded yielded && Tag.of(yielded.tag()) == Tag.HELD) {
                held = isThere(program, init);
                if (held) {
                    session.go();
                } else {
                    leave(program);
                }
            } else if (report instanceof Report.Finished) {
                return held;
            } else if (report instanceof Report.Failed failed) {
                throw new ContainerException(LaunchFailure.describe(program, failed));
            } else {
                throw new SessionBrokenException("the shim reported " + report + " after a signal");
            }
        }
    }

    private boolean isThere(Program program, ProcessIdentity init) throws ContainerException, SessionBrokenException {
        try {
            return init.stat().isPresent();
        } catch (ContainerException unknown) {
            leave(program);
            session.await();
            throw unknown;
        }
    }

    /** Has the program end without a signal. */
    private void leave(Program program) throws SessionBrokenException {
        session.go(program.instructions().size() - 1, List.of());
    }
}
