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
        return new ContainerState(container, status(container, Creation.MAY_BE_UNDER_WAY));
    }

    /** As {@link #of}, for who holds the container's lock. */
    public static ContainerState ofLocked(ContainerRecord container) throws ContainerException {
        return new ContainerState(container, status(container, Creation.IS_OVER));
    }

    /** Its creator ends when the container is complete, hooks and all, or supervises it. */
    private enum Creation {
        MAY_BE_UNDER_WAY,
        /** Its creator may not have ended yet. */
        IS_OVER
    }

    private static Status status(ContainerRecord container, Creation creation) throws ContainerException {
        try {
            return statusOfProcesses(container, creation);
        } catch (ForeignProcessException foreign) {
            container.checkHasEnded(foreign);
            return Status.STOPPED;
        }
    }

    private static Status statusOfProcesses(ContainerRecord container, Creation creation) throws ContainerException {
        if (container.init().isEmpty()) {
            return container.creator().isAlive() ? Status.CREATING : Status.STOPPED;
        }
        ProcessStat stat = container.init().get().stat().orElse(null);
        if (stat == null || stat.isDead()) {
            return Status.STOPPED;
        }
        if (stat.hasNotExecuted()
                && creation == Creation.MAY_BE_UNDER_WAY
                && container.creator().isAlive()) {
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
