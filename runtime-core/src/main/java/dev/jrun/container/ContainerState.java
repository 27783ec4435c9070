// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
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
            case STOPPED -> 0;
        };
    }

    /** Asks the kernel how {@code container} is. */
    static ContainerState of(ContainerRecord container) {
        return new ContainerState(
                container, status(container, container.creator().isAlive()));
    }

    /** As {@link #of}, for who holds the container's lock, and so knows that nobody is creating it. */
    static ContainerState ofLocked(ContainerRecord container) {
        boolean creating = container.init().isEmpty() && container.creator().isAlive();
        return new ContainerState(container, status(container, creating));
    }

    /** @param creating whether its creator is there, which ends when the container is complete, hooks and all, or supervises it */
    private static Status status(ContainerRecord container, boolean creating) {
        if (container.init().isEmpty()) {
            return creating ? Status.CREATING : Status.STOPPED;
        }
        ProcessStat stat = container.init().get().stat().orElse(null);
        if (stat == null || stat.isDead()) {
            return Status.STOPPED;
        }
        if (stat.hasNotExecuted()) {
            return creating ? Status.CREATING : Status.CREATED;
        }
        return isFrozen(container) ? Status.PAUSED : Status.RUNNING;
    }

    private static boolean isFrozen(ContainerRecord container) {
        try {
            return new Cgroup(container.cgroup()).isFrozen();
        } catch (IOException unknown) {
            // A cgroup that cannot be read says nothing against what the process itself shows.
            return false;
        }
    }
}
