// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.ContainerLaunch;
import dev.jrun.container.launch.CreateRequest;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** {@code create}: makes a container whose init waits for {@code start}. */
public final class Create {

    private final Host host;
    private final StateStore store;

    public Create(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Makes the container; the shim then has ended by itself, with exit code 0.
     *
     * @throws ContainerException if it cannot be made; nothing is left of it, and the shim awaits its next program
     */
    public ContainerRecord execute(Session session, CreateRequest request)
            throws ContainerException, SessionBrokenException {
        return new ContainerLaunch(host, store, session, request)
                .launch(new ContainerLaunch.Goal(new Ending.OnStart(store.directory(request.id())), Tag.DONE))
                .container();
    }
}
