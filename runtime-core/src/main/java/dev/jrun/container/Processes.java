// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import java.io.IOException;
import java.util.List;

/** {@code ps}: the processes of a container. */
public final class Processes {

    private final StateStore store;

    public Processes(StateStore store) {
        this.store = store;
    }

    /**
     * All that are in the container's cgroup and those that it made, also when its first one has ended.
     *
     * @return their pids as the caller has them, in ascending order
     * @throws NoSuchContainerException if there is no such container
     * @throws UnsupportedException if it has no cgroup of its own
     * @throws ContainerException if there is no other way to tell
     */
    public List<Integer> pids(ContainerId id) throws ContainerException {
        ContainerRecord container = store.read(id);
        container.checkIsInSight();
        if (!container.places().haveOwnCgroup()) {
            throw new UnsupportedException(
                    "cannot say which processes are in container " + id + ": it has no cgroup of its own");
        }
        try {
            return container.places().ownCgroup().processes().pids();
        } catch (IOException e) {
            throw new ContainerException("cannot list the processes of container " + id + ": " + e.getMessage(), e);
        }
    }
}
