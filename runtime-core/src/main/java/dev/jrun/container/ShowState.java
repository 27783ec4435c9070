// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.CallMemory;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.SessionBrokenException;

/** {@code state}: shows a container's current state. */
public final class ShowState {

    private final CallMemory memory;
    private final StateStore store;

    public ShowState(CallMemory memory, StateStore store) {
        this.memory = memory;
        this.store = store;
    }

    /** Who is told of a container. */
    public interface Viewer {
        void show(ContainerState container) throws ContainerException, SessionBrokenException;
    }

    /**
     * Looks at container {@code id}, which may have large annotations. What is shown is not to be kept.
     *
     * @throws NoSuchContainerException if there is none
     */
    public void execute(ContainerId id, Viewer viewer) throws ContainerException, SessionBrokenException {
        long length = store.length(id);
        try (var _ = memory.toShowState(length)) {
            viewer.show(read(id, length));
        }
    }

    private ContainerState read(ContainerId id, long length) throws ContainerException, SessionBrokenException {
        try (var _ = memory.toReadState(length)) {
            return ContainerState.of(store.findWhole(id).orElseThrow(() -> new NoSuchContainerException(id.text())));
        }
    }
}
