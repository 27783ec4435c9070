// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A part of the engine's heap that its calls share. Each takes what it may need at most before it begins, and waits while others have it.
 * Whoever would wait for too long is sent away, and served by an engine of its own: an engine without memory ends, and all of its calls
 * with it.
 */
public final class MemoryBudget {

    private static final int UNIT = 1 << 10;

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
     * @throws SessionBrokenException if others have them for too long. Nothing must have been done for the call yet that its shim cannot
     *     begin anew
     */
    Share take(long bytes) throws SessionBrokenException {
        int units = (int) Math.min(all, bytes / UNIT + 1);
        try {
            if (free.tryAcquire(units, patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Share(units);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SessionBrokenException("other calls take the engine's memory");
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

        /** Leaves it to others. */
        @Override
        public void close() {
            free.release(units);
            units = 0;
        }
    }
}
