// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process, even after its pid has been reused.
 *
 * @param pid in the pid namespace of the engine that recorded it
 * @param startTime clock ticks after boot, proc_pid_stat(5), by the clock of the first time namespace
 * @param scope where these two identify it
 */
public record ProcessIdentity(long pid, long startTime, PidScope scope) {

    /**
     * The process that has this pid now, for this engine.
     *
     * @throws ContainerException if that cannot be found out
     */
    public static Optional<ProcessIdentity> of(long pid) throws ContainerException {
        PidScope scope = scopeOfCalls(pid);
        Optional<ProcessStat> stat = ProcessStat.read(pid);
        return stat.isPresent()
                ? Optional.of(new ProcessIdentity(pid, stat.get().startTime(), scope))
                : Optional.empty();
    }

    /** Where this engine's pids are of, if it reads about the same processes as it makes system calls about. */
    private static PidScope scopeOfCalls(long pid) throws ContainerException {
        ProcessSight sight = ProcessSight.own();
        if (!sight.isOurs()) {
            throw new ContainerException("cannot find out which process has pid " + pid
                    + ": /proc shows the processes of another pid namespace than the caller's");
        }
        return sight.shown();
    }

    /**
     * Whether the process that has this pid now still is what its parent forked, and not an executable; a zombie, too.
     *
     * @throws ContainerException if that cannot be found out
     */
    public static boolean hasNotExecuted(long pid) throws ContainerException {
        return ProcessStat.read(pid).filter(ProcessStat::hasNotExecuted).isPresent();
    }

    /**
     * Whether it may be there, and have its pid in a system call, too.
     *
     * @throws ContainerException if that cannot be found out
     */
    public boolean mayBeSignalled() throws ContainerException {
        scopeOfCalls(pid);
        return !scope.hasEnded(pid);
    }

    /**
     * What the kernel says of it; empty if it has ended and was waited for.
     *
     * @throws ContainerException if that cannot be found out
     */
    public Optional<ProcessStat> stat() throws ContainerException {
        if (scope.hasEnded(pid)) {
            return Optional.empty();
        }
        Optional<ProcessStat> stat = ProcessStat.read(pid);
        if (stat.isEmpty() || stat.get().startTime() == startTime) {
            return stat;
        }
        if (isRoundedOtherwise(stat.get().startTime())) {
            throw new ContainerException("cannot find out whether process " + pid
                    + " is the one that had this pid before: they started within 10 ms of one another,"
                    + " and where time namespaces differ"
                    + " by a part of that the kernel says no more");
        }
        return Optional.empty();
    }

    /**
     * Whether this may be the start of the same process, looked at from another time namespace; see
     * {@link BootClock#byFirst}.
     */
    private boolean isRoundedOtherwise(long start) {
        return start == startTime + 1 || start == startTime - 1;
    }

    /**
     * The inode number of pidfds of it, which is no other process's while the machine runs; empty if it has none, or
     * has ended.
     *
     * @throws ContainerException if that cannot be found out
     */
    public OptionalLong pidfdNumber() throws ContainerException {
        try {
            OptionalLong number = LinuxCalls.pidfdNumber(Math.toIntExact(pid));
            // It has the pid later than that was asked, and was recorded before: no other process had it in between.
            return isAlive() ? number : OptionalLong.empty();
        } catch (LinuxException e) {
            return OptionalLong.empty();
        }
    }

    /** Whether it ended with an earlier start of the machine. */
    boolean isOfEarlierStart() throws ContainerException {
        return scope.isOfEarlierStart();
    }

    /** As {@code equals}, which a record has linked at run time: 10 ms in a cold engine. */
    public boolean isSameAs(ProcessIdentity other) {
        return pid == other.pid && startTime == other.startTime && scope.isSameAs(other.scope);
    }

    /**
     * Whether it has not ended.
     *
     * @throws ContainerException if that cannot be found out
     */
    public boolean isAlive() throws ContainerException {
        return stat().filter(stat -> !stat.isDead()).isPresent();
    }
}
