// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.HeldLock;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.Signal;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.util.Optional;

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
        /** Its first process; SIGKILL ends the whole container, with that process or one by one. */
        INIT,
        /** Every process in the container's cgroup ({@code --all}), also when the first one has ended. */
        ALL
    }

    /**
     * Sends {@code signal}.
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if it does not run
     * @throws ContainerException if the caller may not signal it
     */
    public void execute(Session session, ContainerId id, Signal signal, Scope scope)
            throws ContainerException, SessionBrokenException {
        ContainerRecord container = store.read(id);
        // What cannot be found out of its processes is no reason to take it for ended.
        container.checkIsInSight();
        switch (scope) {
            case INIT -> signalContainer(session, container, signal);
            case ALL -> signalAll(session, container, signal);
        }
    }

    /**
     * Sends nothing: signal 0 of kill(2).
     *
     * @throws NoSuchContainerException if there is no such container
     * @throws NotRunningException if there is no process that would get a signal
     */
    public void probe(ContainerId id) throws ContainerException {
        ContainerRecord container = store.read(id);
        Status status = ContainerState.of(container).status();
        if (!status.isRunning()) {
            throw notRunning(container, status);
        }
    }

    private static boolean isRunning(ContainerRecord container) throws ContainerException {
        return ContainerState.of(container).status().isRunning();
    }

    private void signalContainer(Session session, ContainerRecord container, Signal signal)
            throws ContainerException, SessionBrokenException {
        if (signal.isKill() && !container.description().endsWithInit() && isPopulated(container)) {
            signalAll(session, container, signal);
            return;
        }
        Status status = ContainerState.of(container).status();
        if (!status.isRunning()) {
            throw notRunning(container, status);
        }
        signalInit(session, container, signal);
    }

    private static boolean isPopulated(ContainerRecord container) throws ContainerException {
        try {
            return container.places().ownCgroup().processes().areAny();
        } catch (IOException e) {
            throw failure(container, e);
        }
    }

    private void signalInit(Session session, ContainerRecord container, Signal signal)
            throws ContainerException, SessionBrokenException {
        InitSignal sender = new InitSignal(session, host.kernel(session));
        ProcessIdentity init = container.init().orElseThrow();
        if (!sender.send(init, signal)) {
            throw notRunning(container, Status.STOPPED);
        }
        if (signal.isKill()) {
            letEnd(container, init);
        }
    }

    /**
     * Cgroups that are not known to be the container's are thawed when all in them are to end with init, which takes
     * init's end.
     */
    private static void letEnd(ContainerRecord container, ProcessIdentity init) throws ContainerException {
        try {
            Cgroup cgroup = container.places().ownCgroup();
            if (!cgroup.processes().mayOutliveKill()) {
                return;
            }
            if (cgroup.holdsOthers()) {
                InitSignal.awaitFrozenEnd(init, cgroup);
            } else {
                cgroup.processes().letKilledEnd(init.pid());
            }
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot thaw container " + container.id() + ", so that it ends: " + e.getMessage(), e);
        }
    }

    /** Docker takes "container not running" for what it is. */
    private static NotRunningException notRunning(ContainerRecord container, Status status) {
        return new NotRunningException("cannot kill container " + container.id() + ": container not running", status);
    }

    private void signalAll(Session session, ContainerRecord container, Signal signal)
            throws ContainerException, SessionBrokenException {
        if (!container.places().haveOwnCgroup()) {
            // Only the first one is known of the processes of a container that stays in its caller's cgroup.
            if (isRunning(container)) {
                signalInit(session, container, signal);
            }
            return;
        }
        try (var _ = lock(session, container, signal)) {
            container.places().ownCgroup().processes().signalAll(new SessionSignaller(host, session), signal);
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            throw failure(container, e);
        }
    }

    /**
     * A container that is not complete is to end as well, whatever keeps its launch: it may be stopped by a neighbour
     * in its pid namespace.
     */
    private HeldLock lock(Session session, ContainerRecord container, Signal signal)
            throws ContainerException, SessionBrokenException {
        return signal.isKill()
                ? new HungOperation(host, store).interrupt(session, container.id(), id -> found(container))
                : host.locks().acquire(store.root(), container.id(), session);
    }

    /** The container as it is by now, if it is still the one that is meant. */
    private Optional<ContainerRecord> found(ContainerRecord meant) throws ContainerException {
        Optional<ContainerRecord> found = store.find(meant.id());
        return found.isPresent() && found.get().isOfSameMaking(meant) ? found : Optional.empty();
    }

    private static ContainerException failure(ContainerRecord container, IOException e) {
        return new ContainerException(
                "cannot signal all processes of container " + container.id() + ": " + e.getMessage(), e);
    }
}
