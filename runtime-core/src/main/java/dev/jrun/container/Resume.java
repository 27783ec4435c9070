// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** {@code resume}: lets a paused container continue. */
public final class Resume {

    private final CgroupOperation operation;

    public Resume(Host host, StateStore store) {
        this.operation = new CgroupOperation(host, store, "resume");
    }

    /**
     * Thaws the container's cgroup.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws WrongStatusException if it is not paused
     */
    public void execute(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        operation.execute(session, id, (_, cgroup, status) -> thaw(id, cgroup, status));
    }

    private void thaw(ContainerId id, Cgroup cgroup, Status status) throws CgroupException, WrongStatusException {
        switch (status) {
            case PAUSED -> cgroup.thaw();
            case CREATING, CREATED, RUNNING, STOPPED, UNKNOWN ->
                throw new WrongStatusException(operation.refusal(id, "container not paused"), status);
        }
    }
}
