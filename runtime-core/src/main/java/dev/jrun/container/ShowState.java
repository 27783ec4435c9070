// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerId;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.NoSuchContainerException;
import dev.jrun.container.state.StateStore;

/** {@code state}: a container as it is now. */
public final class ShowState {

    private final StateStore store;

    public ShowState(StateStore store) {
        this.store = store;
    }

    /**
     * Looks at container {@code id}.
     *
     * @throws NoSuchContainerException if there is none
     */
    public ContainerState execute(ContainerId id) throws ContainerException {
        return ContainerState.of(store.read(id));
    }
}
