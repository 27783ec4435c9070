// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.io.IOException;
import java.time.Duration;

/**
 * The threads that wait for the next connection. If possible there are two, so that the one that gets a connection need
 * not wake another first.
 */
final class Listener {

    private static final int USUAL = 2;

    /** How long to wait when a connection cannot be accepted, most likely since there are too many open files. */
    private static final Duration RESPITE = Duration.ofMillis(50);

    private final Connections connections;
    private int waiting;
    private boolean isOver;

    Listener(Connections connections) {
        this.connections = connections;
    }

    /** Whether this thread is to {@link #accept()} as well. */
    synchronized boolean needsAnother() {
        if (isOver || waiting >= USUAL) {
            return false;
        }
        waiting++;
        return true;
    }

    /**
     * Waits for a connection. The thread does not count any more then.
     *
     * @return a connected socket, or −1 if there will be no more
     */
    int accept() throws InterruptedException {
        while (true) {
            try {
                int connection = connections.next();
                leave(connection);
                return connection;
            } catch (IOException e) {
                Thread.sleep(RESPITE);
            }
        }
    }

    private synchronized void leave(int connection) {
        waiting--;
        isOver |= connection < 0;
        if (isOver && waiting == 0) {
            connections.close();
        }
    }

    /** This thread does not wait, as it was to. */
    synchronized void leave() {
        waiting--;
    }

    /** Whether nobody waits for the next connection. */
    synchronized boolean isDeserted() {
        return waiting == 0;
    }
}
