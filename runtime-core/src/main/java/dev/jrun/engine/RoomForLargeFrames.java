// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The part of an engine's heap for documents that are out of the ordinary: the largest config.json takes most of it while it
 * is read, so that of all connections only one at a time may receive a large frame. It keeps the room until what it received is
 * not needed any more.
 * Whoever waits too long is sent away, and served by an engine of its own.
 */
final class RoomForLargeFrames implements Room {

    /** Frames of up to so many bytes need no room: several dozen calls with the most unfavourable ones fit in the heap. */
    static final int SMALL = 256 << 10;

    private final Semaphore room = new Semaphore(1, true);
    private final Duration patience;

    /**
     * @param patience how long to wait for the one who has the room
     */
    RoomForLargeFrames(Duration patience) {
        this.patience = patience;
    }

    /** Waits for the room; false if it is taken for longer than that. */
    @Override
    public boolean take() {
        try {
            return room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void giveBack() {
        room.release();
    }
}
