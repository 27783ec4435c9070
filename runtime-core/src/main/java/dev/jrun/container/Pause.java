// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.PausedException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** {@code pause}: freezes all processes of a container, which do not notice it. */
public final class Pause {

    private final CgroupOperation operation;

    public Pause(Host host, StateStore store) {
        this.operation = new CgroupOperation(host, store, "pause");
    }

    /**
     * Freezes the container's cgroup with all that is below it, other containers that are made there among them.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws PausedException if it is paused already
     * @throws NotRunningException if it does not run
     * @throws UnsupportedException if it has no cgroup of its own
     * @throws ContainerException if a process does not freeze: then all go on
     */
    public void execute(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        operation.execute(session, id, (_, cgroup, status) -> freeze(id, cgroup, status));
    }

    private void freeze(ContainerId id, Cgroup cgroup, Status status) throws CgroupException, WrongStatusException {
        switch (status) {
            case CREATED, RUNNING -> cgroup.freeze();
            case PAUSED ->
                throw new PausedException(operation.refusal(id, "container not running: it is paused already"));
            case CREATING, STOPPED, UNKNOWN ->
                throw new NotRunningException(operation.refusal(id, "container not running"), status);
        }
    }
}
