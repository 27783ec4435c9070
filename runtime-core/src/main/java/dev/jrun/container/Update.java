// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.UnsupportedException;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.update.LimitsUpdate;
import dev.jrun.container.update.UpdateCall;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** {@code update}: changes the limits of an existing container. */
public final class Update {

    private final Host host;
    private final StateStore store;

    public Update(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Changes all that is asked for; what nothing is said about stays as it is.
     *
     * @return what the caller should know
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if it does not run
     * @throws InvalidConfigException if the limits are none
     * @throws UnsupportedException if the container has no cgroup of its own
     * @throws ContainerException if not all of it can be done. Whatever was changed before is put back, or it says what
     *     could not be
     */
    public List<String> execute(Session session, UpdateCall call) throws ContainerException, SessionBrokenException {
        if (!store.hasState(call.id())) {
            // Before a document is awaited that comes by standard input.
            throw new NoSuchContainerException(call.id().text());
        }
        try (var update = new LimitsUpdate(host, store, call)) {
            List<String> warnings = update.read(session);
            var operation = new CgroupOperation(host, store, "update");
            operation.execute(session, call.id(), (container, cgroup, status) -> {
                if (!status.isRunning()) {
                    throw new NotRunningException(operation.refusal(call.id(), "container not running"), status);
                }
                update.apply(container, cgroup);
            });
            return warnings;
        }
    }
}
