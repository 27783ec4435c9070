// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.LinuxSocket;
import java.io.IOException;
import java.time.Duration;

/**
 * A listening socket, and how many threads wait for its next connection. Two do where they can: the one that gets a connection need not wake
 * another before it looks at it. It is a descriptor of its own, open as long as a thread waits at it.
 */
final class Listener {

    private static final int USUAL = 2;

    /** How long to wait when a connection cannot be accepted, most likely since there are too many open files. */
    private static final Duration RESPITE = Duration.ofMillis(50);

    private final int descriptor;
    private int waiting;
    private boolean isOver;

    /** @param descriptor of a listening socket, which others may close at any time */
    Listener(int descriptor) throws IOException {
        this.descriptor = LinuxCalls.duplicate(descriptor);
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
                int connection = LinuxSocket.accept(descriptor);
                leave();
                return connection;
            } catch (LinuxException e) {
                if (e.is(Errno.EINVAL)) {
                    end();
                    return -1;
                }
                Thread.sleep(RESPITE);
            }
        }
    }

    /** This thread does not wait, as it was to. */
    synchronized void leave() {
        waiting--;
    }

    private synchronized void end() {
        isOver = true;
        waiting--;
        if (waiting == 0) {
            LinuxCalls.close(descriptor);
        }
    }

    /** Whether nobody waits for the next connection. */
    synchronized boolean isDeserted() {
        return waiting == 0;
    }
}
