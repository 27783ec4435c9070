// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.state.ContainerDescription;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.state.UnreadableStateException;
import java.util.Optional;

/**
 * Who is told a container's state in its life, and so its annotations: hooks, and who answers notifications of its seccomp filter. They may be
 * megabytes, so they are read for no one else.
 */
final class AnnotationNeed {

    private AnnotationNeed() {}

    /** How long the state is that has to be read for them; 0 if there is nobody to be told. */
    static long length(StateStore store, ContainerRecord container) throws ContainerException {
        return isThere(container) ? store.length(container.id()) : 0;
    }

    /** The container with its annotations, if there is somebody to be told, and it is there still, and they can be read. */
    static ContainerRecord whole(StateStore store, ContainerRecord container) throws ContainerException {
        if (!isThere(container)) {
            return container;
        }
        try {
            Optional<ContainerRecord> found = store.findWhole(container.id());
            return found.isPresent() && found.get().isOfSameMaking(container) ? found.get() : container;
        } catch (UnreadableStateException e) {
            if (e.isTorn()) {
                return container;
            }
            throw e;
        }
    }

    private static boolean isThere(ContainerRecord container) {
        ContainerDescription description = container.description();
        return description.annotations().all().isEmpty()
                && (!description.hooks().poststart().isEmpty()
                        || !description.hooks().poststop().isEmpty()
                        || description.listener().isPresent());
    }
}
