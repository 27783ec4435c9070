// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.kernel.call.Affinity;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.launch.part.Waking;
import java.util.BitSet;

/**
 * Keeps the thread that plans a launch and the shim that works meanwhile on different processors. The kernel tends to wake the
 * reader of a socket where its writer runs (WF_SYNC), as if the writer had nothing more to do; on a virtual machine, whose idle
 * processors seem taken to the scheduler, the one would wait for the other although the next processor is idle.
 *
 * <p>The engine's thread stays where it is meanwhile. The shim is kept away from there only while it sleeps: the program that it is
 * woken for begins by letting it run anywhere, so that the container may.
 */
final class SideBySide implements AutoCloseable {

    private static final int NO_SHIM = 0;

    private final int shim;
    private final BitSet others;
    private boolean settled;

    private SideBySide(int shim, BitSet others) {
        this.shim = shim;
        this.others = others;
        this.settled = shim != NO_SHIM;
    }

    /** For a launch in which nothing is gained: in an engine's first call, whose time goes into loading what it takes. */
    static SideBySide nowhere() {
        return new SideBySide(NO_SHIM, new BitSet());
    }

    /**
     * Settles on a processor, if there are others, and the shim is as free to choose among them as this thread is. One that is
     * restricted is left alone: what it runs besides the container, its hooks, is to be so, too.
     *
     * @param shim the shim's pid
     */
    static SideBySide with(int shim) {
        try {
            BitSet own = Affinity.of(0);
            if (own.cardinality() > 1 && own.equals(Affinity.of(shim))) {
                int processor = Affinity.processor();
                var only = new BitSet();
                only.set(processor);
                Affinity.set(0, only);
                BitSet others = Affinity.any();
                others.clear(processor);
                return new SideBySide(shim, others);
            }
        } catch (LinuxException e) {
            // It only would have been quicker.
        }
        return nowhere();
    }

    /** Has the next message wake the shim on another processor, if it can be. What it is woken for has to know. */
    Waking parting() {
        if (shim == NO_SHIM) {
            return Waking.ANYWHERE;
        }
        try {
            Affinity.set(shim, others);
            return Waking.ELSEWHERE;
        } catch (LinuxException e) {
            return Waking.ANYWHERE;
        }
    }

    /** Lets this thread run anywhere again, if it may not already. */
    @Override
    public void close() {
        if (settled) {
            settled = false;
            try {
                Affinity.set(0, Affinity.any());
            } catch (LinuxException e) {
                throw new IllegalStateException("cannot leave a processor", e);
            }
        }
    }
}
