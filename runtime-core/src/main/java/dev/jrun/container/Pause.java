// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerId;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.NoSuchContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.state.Status;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** {@code pause}: stops all processes of a container without their noticing. */
public final class Pause {

    private final CgroupOperation operation;

    public Pause(Host host, StateStore store) {
        this.operation = new CgroupOperation(host, store, "pause");
    }

    /**
     * Freezes the container's cgroup with all that is below it, other containers that are made there among them.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws ContainerException if it does not run or is paused already, has no cgroup of its own, or a process does
     *     not freeze: then all go on
     */
    public void execute(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        operation.execute(session, id, Pause::freeze);
    }

    private static void freeze(ContainerRecord container, Cgroup cgroup, Status status) throws CgroupException {
        switch (status) {
            case CREATED, RUNNING -> cgroup.freeze();
            case PAUSED -> throw new CgroupException("container not running: it is paused already");
            case CREATING, STOPPED, UNKNOWN -> throw new CgroupException("container not running");
        }
    }
}
