// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.CallMemory;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code list}: all containers of a state directory. */
public final class ListContainers {

    private final StateStore store;

    public ListContainers(StateStore store) {
        this.store = store;
    }

    /**
     * What was found.
     *
     * @param containers sorted by id, without their annotations
     * @param problems containers whose state cannot be read, or about which it does not say how they are, a message
     *     each
     */
    public record Listed(List<ContainerState> containers, List<String> problems) {}

    /**
     * All containers; those that are deleted meanwhile are left out. One that cannot be read does not hide the others.
     */
    public Listed execute() throws ContainerException {
        List<ContainerState> containers = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (ContainerId id : store.ids()) {
            try {
                Optional<ContainerRecord> found = store.find(id);
                if (found.isPresent()) {
                    containers.add(look(found.get(), problems));
                }
            } catch (ContainerException e) {
                problems.add(e.getMessage());
            }
        }
        return new Listed(containers, problems);
    }

    /**
     * Shows all containers likewise, one after the other, each with its annotations. None is to be kept.
     *
     * @return the problems, as of {@link Listed}
     */
    public List<String> showEach(CallMemory memory, ShowState.Viewer viewer)
            throws ContainerException, SessionBrokenException {
        List<String> problems = new ArrayList<>();
        List<ContainerId> ids = store.ids();
        try (var _ = memory.toShowState(longest(ids, problems))) {
            for (ContainerId id : ids) {
                Optional<ContainerState> found = findWhole(memory, id, problems);
                if (found.isPresent()) {
                    viewer.show(found.get());
                }
            }
        }
        return problems;
    }

    /** The share is taken before anything is shown: whoever has to wait for too long begins anew elsewhere. */
    private long longest(List<ContainerId> ids, List<String> problems) {
        long longest = 0;
        for (ContainerId id : ids) {
            try {
                longest = Math.max(longest, store.length(id));
            } catch (ContainerException e) {
                problems.add(e.getMessage());
            }
        }
        return longest;
    }

    private Optional<ContainerState> findWhole(CallMemory memory, ContainerId id, List<String> problems) {
        try (var _ = memory.toReadStateAtLast(store.length(id))) {
            Optional<ContainerRecord> found = store.findWhole(id);
            return found.isPresent() ? Optional.of(look(found.get(), problems)) : Optional.empty();
        } catch (ContainerException e) {
            problems.add(e.getMessage());
            return Optional.empty();
        }
    }

    private static ContainerState look(ContainerRecord container, List<String> problems) {
        try {
            return ContainerState.of(container);
        } catch (ContainerException e) {
            problems.add("container " + container.id() + ": " + e.getMessage());
            return new ContainerState(container, Status.UNKNOWN);
        }
    }
}
