// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.SignalProgram;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sends a signal to a container's init, never to another process that has got its pid since. */
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
     * Kills it likewise, where it may be frozen in {@code cgroup}. Other processes of the container may freeze it anew,
     * so it is thawed until it has ended.
     */
    boolean killFrozenAndWait(ProcessIdentity init, Cgroup cgroup) throws ContainerException, SessionBrokenException {
        boolean held = send(init, Signal.KILL);
        awaitFrozenEnd(init, cgroup);
        return held;
    }

    /** Waits for the end of one that was killed, and may be frozen in {@code cgroup}. */
    static void awaitFrozenEnd(ProcessIdentity init, Cgroup cgroup) throws ContainerException {
        awaitEnd(init, () -> cgroup.processes().letKilledEnd(init.pid()));
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
                        "process " + init.pid() + " has not ended " + END_LIMIT / 1000 + " s after SIGKILL");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private boolean converse(Program program, ProcessIdentity init) throws ContainerException, SessionBrokenException {
        if (!init.mayBeSignalled()) {
            return false;
        }
        Conversation signal = Conversation.run(session, program);
        if (signal.awaitUnlessEnd(Tag.HELD).isEmpty()) {
            return false;
        }
        if (!isThere(init, signal, program)) {
            leave(signal, program);
            return false;
        }
        signal.go();
        signal.awaitEnd();
        return true;
    }

    private static boolean isThere(ProcessIdentity init, Conversation signal, Program program)
            throws ContainerException, SessionBrokenException {
        try {
            return init.stat().isPresent();
        } catch (ContainerException unknown) {
            leave(signal, program);
            throw unknown;
        }
    }

    /** Has the program end without a signal. */
    private static void leave(Conversation signal, Program program) throws ContainerException, SessionBrokenException {
        signal.endAt(program.instructions().size() - 1);
    }
}
