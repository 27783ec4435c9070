// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** An operation on a container's whole cgroup, during which nobody else changes the container. */
final class CgroupOperation {

    private final Host host;
    private final StateStore store;
    private final String name;

    /** @param name what errors call it */
    CgroupOperation(Host host, StateStore store, String name) {
        this.host = host;
        this.store = store;
        this.name = name;
    }

    /** What it is. */
    interface Change {
        /** @throws CgroupException if it cannot be done, or not to a container that is so */
        void apply(ContainerRecord container, Cgroup cgroup, Status status)
                throws CgroupException, ContainerException, SessionBrokenException;
    }

    /** That it cannot be done to container {@code id}, and why. */
    String refusal(ContainerId id, String reason) {
        return "cannot " + name + " container " + id + ": " + reason;
    }

    /**
     * Does it.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws UnsupportedException if the container has no cgroup of its own
     * @throws ContainerException if it cannot be done
     */
    void execute(Session session, ContainerId id, Change change) throws ContainerException, SessionBrokenException {
        try (var _ = host.locks().acquire(store.root(), id, session)) {
            ContainerRecord container = store.read(id);
            container.checkIsInSight();
            Status status = ContainerState.ofLocked(container).status();
            if (!container.places().haveOwnCgroup() && status != Status.STOPPED) {
                // What would be changed is its caller's.
                throw new UnsupportedException(refusal(id, "it has no cgroup of its own"));
            }
            change.apply(container, container.places().ownCgroup(), status);
        } catch (CgroupException e) {
            throw new ContainerException(refusal(id, e.getMessage()), e);
        }
    }
}
