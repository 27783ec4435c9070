// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import java.util.ArrayList;
import java.util.List;

/** {@code list}: all containers of a state directory. */
public final class ListContainers {

    private final StateStore store;

    public ListContainers(StateStore store) {
        this.store = store;
    }

    /** All containers, sorted by id; those that are deleted meanwhile are left out. */
    public List<ContainerState> execute() throws ContainerException {
        List<ContainerState> containers = new ArrayList<>();
        for (ContainerId id : store.ids()) {
            store.find(id).map(ContainerState::of).ifPresent(containers::add);
        }
        return containers;
    }
}
