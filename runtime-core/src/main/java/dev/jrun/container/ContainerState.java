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
            case CREATED, RUNNING, PAUSED ->
                kept.init().map(ProcessIdentity::pid).orElse(0L);
            case CREATING, STOPPED -> 0;
        };
    }

    /** Asks the kernel how {@code container} is. */
    static ContainerState of(ContainerRecord container) {
        return new ContainerState(container, status(container));
    }

    private static Status status(ContainerRecord container) {
        if (container.init().isEmpty()) {
            return container.creator().isAlive() ? Status.CREATING : Status.STOPPED;
        }
        ProcessStat stat = container.init().get().stat().orElse(null);
        if (stat == null || stat.isDead()) {
            return Status.STOPPED;
        }
        if (stat.hasNotExecuted()) {
            return Status.CREATED;
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
