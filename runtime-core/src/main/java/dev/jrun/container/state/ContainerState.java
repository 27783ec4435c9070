// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ForeignProcessException;
import dev.jrun.container.lifecycle.Status;
import java.io.IOException;

/**
 * A container as it is now.
 *
 * @param kept what is kept of it
 * @param status where it is in its life
 */
public record ContainerState(ContainerRecord kept, Status status) {

    /** Init's pid; 0 when there is no such process. */
    public long pid() {
        return switch (status) {
            case CREATING, CREATED, RUNNING, PAUSED ->
                kept.init().map(ProcessIdentity::pid).orElse(0L);
            case STOPPED, UNKNOWN -> 0;
        };
    }

    /**
     * Asks the kernel how {@code container} is.
     *
     * @throws ContainerException if it does not say
     */
    public static ContainerState of(ContainerRecord container) throws ContainerException {
        return new ContainerState(container, status(container, false));
    }

    /** As {@link #of}, for who holds the container's lock. */
    public static ContainerState ofLocked(ContainerRecord container) throws ContainerException {
        return new ContainerState(container, status(container, true));
    }

    /**
     * Its creator ends when the container is complete, hooks and all, or supervises it.
     *
     * @param locked whether it is known that nobody is creating it any more, although its creator may not have ended
     *     yet
     */
    private static Status status(ContainerRecord container, boolean locked) throws ContainerException {
        try {
            return statusOfProcesses(container, locked);
        } catch (ForeignProcessException foreign) {
            container.checkHasEnded(foreign);
            return Status.STOPPED;
        }
    }

    private static Status statusOfProcesses(ContainerRecord container, boolean locked) throws ContainerException {
        if (container.init().isEmpty()) {
            return container.creator().isAlive() ? Status.CREATING : Status.STOPPED;
        }
        ProcessStat stat = container.init().get().stat().orElse(null);
        if (stat == null || stat.isDead()) {
            return Status.STOPPED;
        }
        if (stat.hasNotExecuted() && !locked && container.creator().isAlive()) {
            return Status.CREATING;
        }
        if (isFrozen(container)) {
            return Status.PAUSED;
        }
        return stat.hasNotExecuted() ? Status.CREATED : Status.RUNNING;
    }

    private static boolean isFrozen(ContainerRecord container) throws ContainerException {
        try {
            return container.places().cgroupAtItsPlace().isFrozen();
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot find out whether container " + container.id() + " is paused: " + e.getMessage(), e);
        }
    }
}
