// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.time.Duration;

/** Decides when an engine ends: when no call is open and it has been idle for long enough, or was told to end. */
final class Lifetime {

    /** Idleness that no engine reaches. */
    static final Duration UNLIMITED = Duration.ofDays(36_500);

    private final long idleNanos;
    private long lastCall = System.nanoTime();
    private int open;
    private boolean ending;

    /** @param idle how long without a call */
    Lifetime(Duration idle) {
        this.idleNanos = idle.toNanos();
    }

    /**
     * Opens a call.
     *
     * @return whether there is still time for it; if so it must {@link #leave()}
     */
    synchronized boolean enter() {
        if (ending) {
            return false;
        }
        open++;
        return true;
    }

    /** Closes a call. */
    synchronized void leave() {
        open--;
        lastCall = System.nanoTime();
        if (open == 0 && ending) {
            notifyAll();
        }
    }

    /** The time since the last call; zero while one is open. */
    synchronized Duration idle() {
        return open > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastCall);
    }

    /** Has no further call enter. */
    synchronized void end() {
        ending = true;
        notifyAll();
    }

    /**
     * Waits, {@code atMost} or until the engine ends.
     *
     * @return whether it ends: no further call enters
     */
    synchronized boolean isEndingWithin(Duration atMost) throws InterruptedException {
        if (!ending) {
            wait(Math.max(1, atMost.toMillis()));
        }
        if (!ending && open == 0 && System.nanoTime() - lastCall >= idleNanos) {
            end();
        }
        return ending;
    }

    /** Waits until no call is open. */
    synchronized void awaitLastCall() throws InterruptedException {
        while (open > 0) {
            wait();
        }
    }

    /** Whether no further call enters, and none is open. */
    synchronized boolean isOver() {
        return ending && open == 0;
    }

    /** How many calls have entered and not left. */
    synchronized int open() {
        return open;
    }
}
