// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.Host;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.NoSuchContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.update.LimitsUpdate;
import dev.jrun.container.update.UpdateCall;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;

/** {@code update}: changes the limits of a container that is there. */
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
     * @throws ContainerException if not all of it can be done, or the container does not run or has no cgroup of its
     *     own. Whatever was changed before is put back, or it says what could not be
     */
    public List<String> execute(Session session, UpdateCall call) throws ContainerException, SessionBrokenException {
        if (!store.hasState(call.id())) {
            // Before a document is awaited that comes by standard input.
            throw new NoSuchContainerException(call.id().text());
        }
        try (var update = new LimitsUpdate(host, store, call)) {
            List<String> warnings = update.read(session);
            new CgroupOperation(host, store, "update").execute(session, call.id(), update::apply);
            return warnings;
        }
    }
}
