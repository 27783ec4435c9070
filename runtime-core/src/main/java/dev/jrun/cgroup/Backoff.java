// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Pauses between checks of something that the kernel finishes in its own time: short at first, then longer and longer,
 * with a limited total.
 */
public final class Backoff {
    private static final long FIRST_NANOS = 50_000;
    private static final long LONGEST_NANOS = 10_000_000;

    private final long end;
    private long next = FIRST_NANOS;

    /** @param limit of their sum */
    public Backoff(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    /**
     * Waits a little.
     *
     * @return whether there is time for another look; false also if the thread was interrupted
     */
    public boolean pause() {
        long left = end - System.nanoTime();
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(Math.min(next, left));
        next = Math.min(2 * next, LONGEST_NANOS);
        return true;
    }
}
