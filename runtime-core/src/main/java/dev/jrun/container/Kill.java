// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.kernel.Signal;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;

/** {@code kill}: sends a signal to a container. */
public final class Kill {

    private final Host host;
    private final StateStore store;

    public Kill(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /** Who gets the signal. */
    public enum Scope {
        INIT,
        /** Every process in the container's cgroup ({@code --all}). */
        ALL
    }

    /**
     * Sends {@code signal}.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws ContainerException if it does not run, or the caller may not signal it
     */
    public void execute(Session session, ContainerId id, Signal signal, Scope scope)
            throws ContainerException, SessionBrokenException {
        ContainerRecord container = store.read(id);
        switch (scope) {
            case INIT -> signalInit(session, container, signal);
            case ALL -> signalAll(session, container, signal);
        }
    }

    private void signalInit(Session session, ContainerRecord container, Signal signal)
            throws ContainerException, SessionBrokenException {
        switch (ContainerState.of(container).status()) {
            case CREATED, RUNNING, PAUSED -> {
                if (!new InitSignal(session, host.kernel(session))
                        .send(container.init().orElseThrow(), signal)) {
                    throw notRunning(container);
                }
            }
            case CREATING, STOPPED -> throw notRunning(container);
        }
    }

    /** Docker takes "container not running" for what it is. */
    private static ContainerException notRunning(ContainerRecord container) {
        return new ContainerException("cannot kill container " + container.id() + ": container not running");
    }

    private void signalAll(Session session, ContainerRecord container, Signal signal)
            throws ContainerException, SessionBrokenException {
        try (var _ = host.locks().acquire(store.root(), container.id(), session)) {
            new Cgroup(container.own().among(container.cgroup())).signalAll(new SessionSignaller(session), signal);
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot signal all processes of container " + container.id() + ": " + e.getMessage(), e);
        }
    }
}
