// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.kernel.call.Affinity;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.RunnableThreads;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.util.BitSet;

/**
 * Keeps the thread that plans a launch and the shim that works meanwhile on different processors. The kernel tends to
 * wake the reader of a socket where its writer runs (WF_SYNC), as if the writer had nothing more to do; on a virtual
 * machine, whose idle processors look busy to the scheduler, one would wait for the other although another processor is
 * idle. Where none is idle, the kernel knows better: each would wait for its turn on a processor that it is kept on.
 *
 * <p>While one is, the engine's thread stays where it is. The shim is kept away from there only while it sleeps: the
 * program that it is woken for begins by letting it run anywhere, so that the container may.
 */
final class SeparateProcessors implements AutoCloseable {

    private static final int NO_SHIM = 0;

    private final int shim;
    private final Session session;
    private final IdleProcessors idle;
    private final BitSet before;
    private BitSet others;

    private SeparateProcessors(int shim, Session session, IdleProcessors idle, BitSet before) {
        this.shim = shim;
        this.session = session;
        this.idle = idle;
        this.before = before;
    }

    /** Whether there is a processor that has nothing to do. */
    @FunctionalInterface
    interface IdleProcessors {
        boolean areAmong(BitSet processors);

        /**
         * As far as is known: what is counted are the threads of all processors, so that an engine that is kept on few
         * of many seldom finds one idle.
         */
        static boolean now(BitSet processors) {
            try {
                return RunnableThreads.count() < processors.cardinality();
            } catch (IOException e) {
                return true;
            }
        }
    }

    /**
     * For a launch in which nothing is gained: in an engine's first call, whose time goes into loading what it takes.
     */
    static SeparateProcessors nowhere() {
        return new SeparateProcessors(NO_SHIM, null, IdleProcessors::now, new BitSet());
    }

    /**
     * For a shim that is as free to choose among processors as this thread is. One that is restricted is left alone:
     * what it runs besides the container, its hooks, is to be so, too.
     *
     * @param shim the shim's pid
     * @param session the connection to it
     */
    static SeparateProcessors with(int shim, Session session) {
        return with(shim, session, IdleProcessors::now);
    }

    static SeparateProcessors with(int shim, Session session, IdleProcessors idle) {
        try {
            BitSet own = Affinity.of(0);
            if (own.cardinality() > 1 && own.equals(Affinity.of(shim))) {
                return new SeparateProcessors(shim, session, idle, own);
            }
        } catch (LinuxException e) {
            // It only would have been quicker.
        }
        return nowhere();
    }

    /**
     * Has the next message wake the shim on another processor, if it can be and another is idle. What it is woken for
     * has to know; it is the same where none is idle.
     *
     * @throws SessionBrokenException if the shim has gone, so that its number may have meant another process
     */
    WakeupAffinity parting() throws SessionBrokenException {
        if (shim == NO_SHIM) {
            return WakeupAffinity.ANYWHERE;
        }
        if (!idle.areAmong(before)) {
            close();
            return WakeupAffinity.ELSEWHERE;
        }
        try {
            settle();
            Affinity.set(shim, others);
        } catch (LinuxException e) {
            return WakeupAffinity.ANYWHERE;
        }
        checkWasTheShim();
        return WakeupAffinity.ELSEWHERE;
    }

    private void settle() throws LinuxException {
        if (others == null) {
            int processor = Affinity.processor();
            var only = new BitSet();
            only.set(processor);
            Affinity.set(0, only);
            others = Affinity.any();
            others.clear(processor);
        }
    }

    /** Its connection is closed before its number can be another's: while it is open, it was not. */
    private void checkWasTheShim() throws SessionBrokenException {
        try {
            session.checkIsThere();
        } catch (SessionBrokenException e) {
            giveProcessorBack();
            throw e;
        }
    }

    private void giveProcessorBack() {
        var changed = (BitSet) before.clone();
        changed.and(others);
        try {
            if (Affinity.of(shim).equals(changed)) {
                Affinity.set(shim, before);
            }
        } catch (LinuxException nobody) {
            // No process has the number.
        }
    }

    /** Lets this thread run anywhere again, if it may not already. */
    @Override
    public void close() {
        if (others != null) {
            others = null;
            try {
                Affinity.set(0, Affinity.any());
            } catch (LinuxException e) {
                throw new IllegalStateException("cannot leave a processor", e);
            }
        }
    }
}
