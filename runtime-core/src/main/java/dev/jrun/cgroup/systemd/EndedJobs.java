// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How jobs of systemd's have ended that a connection has told of. For use by several threads. */
final class EndedJobs {

    /** Jobs whose ends nobody has asked for yet; others' are among them. */
    private static final int MOST = 4096;

    private final Map<String, String> results = new LinkedHashMap<>();
    private boolean complete;

    /** Keeps the result of a job until somebody asks for it. */
    synchronized void add(String job, String result) {
        results.put(job, result);
        if (results.size() > MOST) {
            results.remove(results.keySet().iterator().next());
        }
        notifyAll();
    }

    /** No more will be told of: nobody waits any longer. */
    synchronized void complete() {
        complete = true;
        notifyAll();
    }

    /**
     * Waits for the end of a job.
     *
     * @return its result, such as {@code done}; empty if nothing was said of it within {@code limit}, or no more will
     *     be
     */
    synchronized Optional<String> await(String job, Duration limit) throws BusException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            String result = results.remove(job);
            long left = (end - System.nanoTime()) / 1_000_000;
            if (result != null || left <= 0 || complete) {
                return Optional.ofNullable(result);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BusException.Lost("interrupted while waiting for a job of systemd's", e);
            }
        }
    }
}
