// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.Tag;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.file.Path;

/** {@code run}: makes a container and starts it at once. */
public final class Run {

    private final Host host;
    private final StateStore store;

    public Run(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Makes and starts the container and, in the foreground, waits for its end and removes it. The shim then ends by itself:
     * detached with exit code 0, in the foreground with that of the container's init, 128 + n if signal n ended it.
     *
     * @throws ContainerException if it cannot be made or started; nothing is left of it, and the shim awaits its next program
     */
    public void execute(Session session, RunRequest request) throws ContainerException, SessionBrokenException {
        Launching launching = new Launching(host, store, session, request.container());
        if (request.attachment() instanceof RunRequest.Attachment.Foreground foreground) {
            ContainerRecord container = launching.launch(new StartAtOnce(
                    new Ending.Supervised(foreground.adoption(), foreground.afterwards()), Tag.STARTED));
            awaitEnd(launching, container, foreground.afterwards());
        } else {
            launching.launch(new StartAtOnce(new Ending.Detached(), Tag.DONE));
        }
    }

    private record StartAtOnce(Ending ending, Tag tag) implements Launching.Goal {
        @Override
        public Ending ending(Path stateDirectory) {
            return ending;
        }
    }

    private void awaitEnd(Launching launching, ContainerRecord container, Afterwards afterwards)
            throws ContainerException, SessionBrokenException {
        try {
            launching.awaitEnd();
        } catch (ContainerException e) {
            if (afterwards == Afterwards.REMOVE) {
                remove(container);
            }
            throw e;
        }
        if (afterwards == Afterwards.REMOVE) {
            try {
                remove(container);
            } catch (ContainerException e) {
                launching.retain();
                throw e;
            }
        }
        launching.release();
    }

    /** Another operation may have removed the container while it ran, and made another of its id. */
    private void remove(ContainerRecord container) throws ContainerException {
        try (var _ = host.locks().acquire(store.root(), container.id())) {
            boolean same = store.findInit(container.id())
                    .filter(init -> init.isSameAs(container.init().orElseThrow()))
                    .isPresent();
            if (same) {
                new Removal(store).remove(container, new EngineSignaller());
            }
        }
    }
}
