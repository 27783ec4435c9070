// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.exec.ExecCall;
import dev.jrun.container.exec.ExecLaunch;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;

/** {@code exec}: executes another process in a running container. */
public final class Exec {

    private final Host host;
    private final StateStore store;

    public Exec(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Executes it; the shim then ends by itself: at once with exit code 0, or with the exit code of the process, 128 +
     * n if signal n ended it.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws ContainerException if it cannot be executed; nothing is left of it, and the shim awaits its next program
     */
    public void execute(Session session, ExecCall call) throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toHoldConfiguration(store.configLength(call.id()))) {
            new ExecLaunch(host, store, session, call).execute();
        }
    }
}
