// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets only one connection at a time receive an unusually large frame: the largest config.json takes most of an
 * engine's heap while it is read. A connection keeps the permit until the frame is no longer needed. One that waits too
 * long is refused, and served by an engine of its own.
 */
final class SingleLargeFrame implements LargeFramePermit {

    /**
     * Frames of up to so many bytes need no permit: several dozen calls with the most unfavourable ones fit in the
     * heap.
     */
    static final int SMALL = 256 << 10;

    private final Semaphore permit = new Semaphore(1, true);
    private final Duration patience;

    /** @param patience how long to wait for the one who has the permit */
    SingleLargeFrame(Duration patience) {
        this.patience = patience;
    }

    /** Waits for the permit; false if another connection has it for longer than that. */
    @Override
    public boolean acquire() {
        try {
            return permit.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void release() {
        permit.release();
    }
}
