// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import java.util.Optional;

/**
 * One process, even after its pid is used again.
 *
 * @param pid in the engine's pid namespace
 * @param startTime clock ticks after boot, proc_pid_stat(5)
 */
public record ProcessIdentity(long pid, long startTime) {

    /** The process that has this pid now. */
    static Optional<ProcessIdentity> of(long pid) {
        return ProcessStat.read(pid).map(stat -> new ProcessIdentity(pid, stat.startTime()));
    }

    /** What the kernel says of it; empty if it has ended and was waited for. */
    Optional<ProcessStat> stat() {
        return ProcessStat.read(pid).filter(stat -> stat.startTime() == startTime);
    }

    /** As {@code equals}, which a record has linked at run time: 10 ms in a cold engine. */
    boolean isSameAs(ProcessIdentity other) {
        return pid == other.pid && startTime == other.startTime;
    }

    boolean isAlive() {
        return stat().filter(stat -> !stat.isDead()).isPresent();
    }
}
