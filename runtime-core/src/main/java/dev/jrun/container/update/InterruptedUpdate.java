// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.limits.UnfinishedUpdate;
import dev.jrun.container.limits.UpdatedLimits;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Resources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An update that lost its engine midway, and that the next update finds: its own call, repeated, or another one. */
final class InterruptedUpdate {

    private final Host host;
    private final StateStore store;

    InterruptedUpdate(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Puts back what was there before it, if there is one.
     *
     * @return the container as it is then
     * @throws CgroupException if not all could be put back; then it stays, and no later update tries again
     */
    ContainerRecord takeBack(ContainerRecord container, Cgroup cgroup)
            throws CgroupException, ContainerException, SessionBrokenException {
        Optional<UnfinishedUpdate> unfinished = store.update(container.id()).unfinished();
        if (unfinished.isEmpty()) {
            return container;
        }
        ContainerRecord before = withLimits(container, unfinished.get().limits());
        List<String> problems = new ArrayList<>();
        for (UnfinishedUpdate.Step step : unfinished.get().steps()) {
            try {
                execute(step, before, cgroup);
            } catch (CgroupException e) {
                problems.add(e.getMessage());
            }
        }
        store.update(container.id()).forget();
        if (!problems.isEmpty()) {
            throw new CgroupException("an earlier update was interrupted, and the values before it cannot be restored: "
                    + String.join("; ", problems) + "; the next update begins with the present ones");
        }
        return before;
    }

    private ContainerRecord withLimits(ContainerRecord container, UpdatedLimits limits)
            throws ContainerException, SessionBrokenException {
        if (limits.equals(container.updated())) {
            return container;
        }
        try (var _ = host.memory().toReadState(store.length(container.id()))) {
            store.write(store.findWhole(container.id())
                    .orElseThrow(() -> new ContainerException("the state of container " + container.id() + " is gone"))
                    .withUpdated(limits));
        }
        return container.withUpdated(limits);
    }

    private void execute(UnfinishedUpdate.Step step, ContainerRecord container, Cgroup cgroup)
            throws CgroupException, ContainerException, SessionBrokenException {
        switch (step.target()) {
            case FILE -> RevocableWriting.putBack(Path.of(step.file()), step.value());
            case MANAGER -> host.cgroups().of(container.places()).tell(step.value());
            case DEVICES -> {
                Resources known = Resources.NONE.withDevices(
                        new FormerLimits(host, store, container).devices().asRules());
                host.cgroups().of(container.places()).restrictDevices(cgroup, known);
            }
        }
    }
}
