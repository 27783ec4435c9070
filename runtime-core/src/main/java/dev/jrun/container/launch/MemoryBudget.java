// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A part of the engine's heap that its calls share. Each call takes the most that it may need before it begins, and
 * waits while others have it. A call that would wait too long is refused, and served by an engine of its own: an engine
 * that runs out of memory ends, and all of its calls with it.
 */
public final class MemoryBudget {

    private static final int UNIT = 1 << 10;
    private static final String OTHERS = "other calls take the engine's memory";

    /** Nobody has a share while others take their time, so that all who wait for one get it before. */
    private static final Duration AT_LAST = Duration.ofSeconds(30);

    private final int all;
    private final Semaphore free;
    private final Duration patience;

    /**
     * @param bytes how much there is
     * @param patience how long to wait for a share
     */
    MemoryBudget(int bytes, Duration patience) {
        this.all = bytes / UNIT;
        this.free = new Semaphore(all, true);
        this.patience = patience;
    }

    /**
     * Takes so many bytes, or all if there are not as many: what a single call may need at most there is room for.
     *
     * @throws SessionBrokenException if others have them for too long. Nothing must have been done for the call yet
     *     that its shim cannot begin anew
     */
    Share take(long bytes) throws SessionBrokenException {
        int units = units(bytes);
        if (!isTaken(units, patience)) {
            throw new SessionBrokenException(OTHERS);
        }
        return new Share(units);
    }

    /**
     * Takes as many for a call that cannot be begun anew elsewhere, and waits longer than anybody should have them.
     *
     * @throws ContainerException if others have them all the same
     */
    Share takeAtLast(long bytes) throws ContainerException {
        int units = units(bytes);
        if (!isTaken(units, AT_LAST)) {
            throw new ContainerException(OTHERS);
        }
        return new Share(units);
    }

    private int units(long bytes) {
        return (int) Math.min(all, bytes / UNIT + 1);
    }

    private boolean isTaken(int units, Duration limit) {
        try {
            return free.tryAcquire(units, limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A share for who needs none. */
    Share nothing() {
        return new Share(0);
    }

    /** What one call has. */
    public final class Share implements AutoCloseable {
        private int units;

        private Share(int units) {
            this.units = units;
        }

        /** Leaves all but so many bytes of it to others. */
        void keepOnly(long bytes) {
            int kept = bytes == 0 ? 0 : Math.min(units, units(bytes));
            free.release(units - kept);
            units = kept;
        }

        /** Leaves it to others. */
        @Override
        public void close() {
            free.release(units);
            units = 0;
        }
    }
}
