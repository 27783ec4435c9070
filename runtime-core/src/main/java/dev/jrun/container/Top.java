// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.MemoryBudget;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code top}: looks at what containers use, one after another, and keeps only what is shown. */
public final class Top {

    /** After so many containers it is looked whether anybody still wants to know. */
    private static final int OFTEN = 32;

    private final Host host;
    private final StateStore store;
    private final List<ContainerId> ids;

    private Top(Host host, StateStore store, List<ContainerId> ids) {
        this.host = host;
        this.store = store;
        this.ids = ids;
    }

    /** Of all containers that are there. */
    public static Top ofAll(Host host, StateStore store) throws ContainerException {
        return new Top(host, store, store.ids());
    }

    /**
     * Of these.
     *
     * @throws ContainerException if no container can have such an id
     */
    public static Top of(Host host, StateStore store, List<String> names) throws ContainerException {
        List<ContainerId> ids = new ArrayList<>();
        for (String name : names) {
            ContainerId id = ContainerId.of(name);
            if (!ids.contains(id)) {
                ids.add(id);
            }
        }
        return new Top(host, store, ids);
    }

    /**
     * What was found.
     *
     * @param containers that run
     * @param mayRun how many run, or it cannot be found out
     * @param problems what keeps it from being found out what some use, or whether they run, a message each
     */
    public record Look(List<Consumption> containers, int mayRun, List<String> problems) {}

    /** What the look takes of the engine's memory, with showing what was found. */
    public MemoryBudget.Share memory() throws SessionBrokenException {
        return host.memory().toShowUse(ids.size());
    }

    /**
     * Makes sure that all are there, and run.
     *
     * @throws NoSuchContainerException if there is none of that id
     * @throws NotRunningException if one does not run
     * @throws ContainerException if it cannot be found out
     */
    public void checkRun() throws ContainerException {
        for (ContainerId id : ids) {
            Status status = ContainerState.of(store.read(id)).status();
            if (!status.isRunning()) {
                throw new NotRunningException("container with id " + id + " is not running", status);
            }
        }
    }

    /**
     * Looks at all that run. One that cannot be read does not hide the others.
     *
     * @throws SessionBrokenException if nobody wants to know any more
     */
    public Look look(Session session) throws SessionBrokenException {
        List<Consumption> containers = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (i % OFTEN == 0) {
                session.checkIsThere();
            }
            try {
                Optional<Consumption> container = lookAt(ids.get(i));
                if (container.isPresent()) {
                    containers.add(container.get());
                }
            } catch (ContainerException e) {
                problems.add(e.getMessage());
            } catch (RuntimeException unforeseen) {
                problems.add("cannot say what container " + ids.get(i) + " uses: " + unforeseen);
            }
        }
        return new Look(containers, containers.size() + problems.size(), problems);
    }

    private Optional<Consumption> lookAt(ContainerId id) throws ContainerException {
        Optional<ContainerRecord> found = store.find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ContainerState state = state(found.get());
        if (!state.status().isRunning()) {
            return Optional.empty();
        }
        ProcessIdentity init = found.get().init().orElseThrow();
        long time = System.nanoTime();
        return Optional.of(
                Consumption.of(id.text(), state.status(), init.startTime(), time, new Usage(host).shown(found.get())));
    }

    private static ContainerState state(ContainerRecord container) throws ContainerException {
        try {
            return ContainerState.of(container);
        } catch (ContainerException e) {
            throw new ContainerException("container " + container.id() + ": " + e.getMessage(), e);
        }
    }
}
