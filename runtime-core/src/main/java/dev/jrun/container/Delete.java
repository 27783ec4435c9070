// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.Removal;
import dev.jrun.container.launch.RuntimeHooks;
import dev.jrun.container.launch.ToldContainer;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.ForeignProcessException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.UnreadableStateException;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.HeldLock;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code delete}: removes a container and everything that was made for it. */
public final class Delete {

    private final Host host;
    private final StateStore store;
    private final List<String> environment;

    /** @param environment the caller's, which hooks inherit; entries {@code NAME=value} */
    public Delete(Host host, StateStore store, List<String> environment) {
        this.host = host;
        this.store = store;
        this.environment = List.copyOf(environment);
    }

    /** What may be deleted. */
    public enum Mode {
        /** A container that has stopped or has not been started. */
        ENDED,
        /** Any container; a running one is killed. It is no error if there is none ({@code --force}). */
        FORCE
    }

    /**
     * Deletes container {@code id}.
     *
     * @throws NoSuchContainerException if there is none, except with {@link Mode#FORCE}
     * @throws WrongStatusException if it runs, except with {@link Mode#FORCE}
     * @throws ContainerException if it may not be killed, or something of it cannot be removed
     */
    public void execute(Session session, ContainerId id, Mode mode) throws ContainerException, SessionBrokenException {
        if (!store.isClaimed(id)) {
            absent(id, mode);
            return;
        }
        try (var first =
                host.locks().acquire(store.root(), id, session, Duration.ZERO).orElse(null)) {
            if (first != null) {
                deleteLocked(session, id, mode);
                return;
            }
        }
        deleteAfterOther(session, id, mode);
    }

    private void deleteLocked(Session session, ContainerId id, Mode mode)
            throws ContainerException, SessionBrokenException {
        var container = find(id, mode);
        if (container.isEmpty()) {
            // A directory without a state is what a create left that was killed at its very start.
            boolean left = store.isClaimed(id);
            store.remove(id);
            if (!left) {
                absent(id, mode);
            }
            return;
        }
        delete(session, container.get(), mode);
    }

    /**
     * Another operation on the container is under way. When it has ended there may be none any more, or another of its
     * id.
     */
    private void deleteAfterOther(Session session, ContainerId id, Mode mode)
            throws ContainerException, SessionBrokenException {
        Optional<ContainerRecord> meant = find(id, mode);
        try (var _ = mode == Mode.FORCE ? interrupt(session, id) : host.locks().acquire(store.root(), id, session)) {
            Optional<ContainerRecord> found = find(id, mode);
            if (meant.isPresent() && found.isPresent() && !found.get().isOfSameMaking(meant.get())) {
                absent(id, mode);
                return;
            }
            deleteLocked(session, id, mode);
        }
    }

    private HeldLock interrupt(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        return new HungOperation(host, store).interrupt(session, id, name -> find(name, Mode.FORCE));
    }

    /**
     * Deletes container {@code id}, running or not, if it is the one that process {@code creator} made, and not a later
     * one of that id: for a shim that has lost its engine.
     *
     * @throws ContainerException if something of it cannot be removed
     */
    public void executeFor(Session session, ContainerId id, long creator)
            throws ContainerException, SessionBrokenException {
        if (!store.isClaimed(id)) {
            return;
        }
        try (var _ = host.locks().acquire(store.root(), id, session)) {
            ContainerRecord container = store.find(id).orElse(null);
            if (container != null
                    && container.creator().pid() == creator
                    && container.creator().isAlive()) {
                delete(session, container, Mode.FORCE);
            }
        }
    }

    /**
     * Deletes {@code container}, running or not, if it is still there, and not another of its id.
     *
     * @return whether it was there
     * @throws ContainerException if something of it cannot be removed
     */
    boolean destroy(Session session, ContainerRecord container) throws ContainerException, SessionBrokenException {
        try (var _ = host.locks().acquire(store.root(), container.id(), session)) {
            ContainerRecord kept = store.find(container.id()).orElse(null);
            if (kept == null || !kept.isSameAs(container)) {
                return false;
            }
            delete(session, kept, Mode.FORCE);
            return true;
        }
    }

    /** Destroys it likewise because of {@code cause}, which is told what of it cannot be removed. */
    void destroy(Session session, ContainerRecord container, ContainerException cause) throws SessionBrokenException {
        try {
            destroy(session, container);
        } catch (ContainerException e) {
            cause.addLeft(e);
        }
    }

    /** What is left of a torn state says nothing of what else there is, so that only the directory can be removed. */
    private Optional<ContainerRecord> find(ContainerId id, Mode mode) throws ContainerException {
        try {
            return store.find(id);
        } catch (UnreadableStateException e) {
            if (mode == Mode.FORCE && e.isTorn()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void absent(ContainerId id, Mode mode) throws NoSuchContainerException {
        if (mode != Mode.FORCE) {
            throw new NoSuchContainerException(id.text());
        }
    }

    private void killInit(Session session, ContainerRecord container)
            throws ContainerException, SessionBrokenException {
        var signal = new InitSignal(session, host.kernel(session));
        ProcessIdentity init = container.init().orElseThrow();
        try {
            Cgroup cgroup = container.places().ownCgroup();
            if (cgroup.processes().mayOutliveKill()) {
                signal.killFrozenAndWait(init, cgroup);
            } else {
                signal.killAndWait(init);
            }
        } catch (CgroupException e) {
            throw new ContainerException("cannot kill container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    private Status status(ContainerRecord container, Mode mode) throws ContainerException {
        try {
            return ContainerState.ofLocked(container).status();
        } catch (ForeignProcessException e) {
            if (mode == Mode.FORCE) {
                throw new ContainerException(
                        e.getMessage() + " or, if that place no longer exists, remove "
                                + store.directory(container.id()) + " by hand",
                        e);
            }
            throw e;
        }
    }

    private void delete(Session session, ContainerRecord found, Mode mode)
            throws ContainerException, SessionBrokenException {
        try (ToldContainer told = ToldContainer.ofEnding(host.memory(), store, found)) {
            delete(session, found, told, mode);
        }
    }

    /** @param told the same container, for its hooks */
    private void delete(Session session, ContainerRecord container, ToldContainer told, Mode mode)
            throws ContainerException, SessionBrokenException {
        Status status = status(container, mode);
        boolean ended = status == Status.STOPPED || status == Status.CREATED;
        if (!ended && mode != Mode.FORCE) {
            throw new WrongStatusException(
                    "cannot delete container " + container.id() + " that is not stopped: " + status.specName(), status);
        }
        var netDevices = new NetDeviceRecovery(session, store, container);
        if (container.init().isPresent() && status != Status.STOPPED) {
            netDevices.beforeKill();
            killInit(session, container);
        }
        netDevices.afterEnd();
        new Removal(host, store).remove(container, new SessionSignaller(host, session));
        new RuntimeHooks(host, session, environment).poststop(told);
    }
}
