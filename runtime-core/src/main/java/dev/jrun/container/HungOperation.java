// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.HeldLock;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.Signal;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.Optional;

/**
 * Another operation on a container that may never end by itself, such as a launch with a hanging hook or a stopped
 * init.
 */
final class HungOperation {

    /** How long it has before it is interfered with. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Host host;
    private final StateStore store;

    HungOperation(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /** Finds a container. */
    interface Search {
        Optional<ContainerRecord> find(ContainerId id) throws ContainerException;
    }

    /** Takes the container's lock: waits for the other operation, and then ends what it may be waiting for. */
    HeldLock interrupt(Session session, ContainerId id, Search search)
            throws ContainerException, SessionBrokenException {
        var held = host.locks().acquire(store.root(), id, session, PATIENCE);
        if (held.isPresent()) {
            return held.get();
        }
        Optional<ContainerRecord> container = search.find(id);
        if (container.isPresent()) {
            end(session, container.get());
        }
        return host.locks().acquire(store.root(), id, session);
    }

    /** Its creator takes hooks with it, and what is not complete; init the hooks that it runs itself. */
    private void end(Session session, ContainerRecord container) throws ContainerException, SessionBrokenException {
        var signal = new InitSignal(session, host.kernel(session));
        if (container.init().isEmpty() || container.hasNotExecuted()) {
            signal.send(container.creator(), Signal.KILL);
        }
        if (container.init().isPresent()) {
            signal.send(container.init().get(), Signal.KILL);
        }
    }
}
