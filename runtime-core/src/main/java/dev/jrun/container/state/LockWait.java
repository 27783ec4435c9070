// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/**
 * One wait for a lock, which ends when the time is up or when nobody waits for the result any more. Nothing may be done
 * later for a caller that was killed, to a container that it never knew.
 */
final class LockWait {

    private static final long FIRST_NANOS = 200_000;
    private static final long LONGEST_NANOS = 20_000_000;

    private final Session caller;
    private final long end;
    private long next = FIRST_NANOS;

    LockWait(Session caller, Duration limit) {
        this.caller = caller;
        this.end = System.nanoTime() + limit.toNanos();
    }

    /**
     * Waits until this thread has {@code lock}.
     *
     * @return whether that came to be in time
     * @throws SessionBrokenException if the caller has gone
     */
    boolean until(Lock lock) throws SessionBrokenException {
        while (!lock.tryLock()) {
            if (end - System.nanoTime() <= 0) {
                return false;
            }
            if (isTakenIn(lock, nextPause())) {
                return isStillWanted(lock);
            }
            caller.checkIsThere();
        }
        return true;
    }

    private static boolean isTakenIn(Lock lock, long nanos) {
        try {
            return lock.tryLock(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for another operation", e);
        }
    }

    private boolean isStillWanted(Lock lock) throws SessionBrokenException {
        try {
            caller.checkIsThere();
            return true;
        } catch (SessionBrokenException e) {
            lock.unlock();
            throw e;
        }
    }

    /**
     * Waits a little.
     *
     * @return whether there is time for another try
     * @throws SessionBrokenException if the caller has gone
     */
    boolean pause() throws SessionBrokenException {
        if (end - System.nanoTime() <= 0) {
            return false;
        }
        LockSupport.parkNanos(nextPause());
        caller.checkIsThere();
        return true;
    }

    private long nextPause() {
        long pause = Math.max(1, Math.min(next, end - System.nanoTime()));
        next = Math.min(2 * next, LONGEST_NANOS);
        return pause;
    }
}
