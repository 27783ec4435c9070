// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.ContainerLaunch;
import dev.jrun.container.launch.EngineSignaller;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.LaunchConversation;
import dev.jrun.container.launch.Removal;
import dev.jrun.container.launch.RuntimeHooks;
import dev.jrun.container.launch.ToldContainer;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.LostRootException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.KeptNetwork;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code run}: makes a container and starts it immediately. */
public final class Run {

    private final Host host;
    private final StateStore store;

    public Run(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Makes and starts the container and, in the foreground, waits for its end and removes it.
     *
     * @return the exit code that the shim is to end with; empty if it ends by itself: detached with exit code 0, in the
     *     foreground with that of the container's init, 128 + n if signal n ended it
     * @throws ContainerException if it cannot be made or started; nothing is left of it, and the shim awaits its next
     *     program
     */
    public OptionalInt execute(Session session, RunRequest request) throws ContainerException, SessionBrokenException {
        ContainerLaunch launching = new ContainerLaunch(host, store, session, request.container());
        List<String> environment = request.container().caller().environment();
        if (request.attachment() instanceof RunRequest.Attachment.Foreground foreground) {
            Ending ending = new Ending.Supervised(
                    foreground.adoption(),
                    foreground.afterwards(),
                    store.place(request.container().id()));
            LaunchConversation launched = launching.launch(new ContainerLaunch.Goal(ending, Tag.STARTED));
            return awaitEnd(launched, session, foreground.afterwards(), environment);
        }
        Ending ending = new Ending.Detached(store.directory(request.container().id()));
        awaitStart(launching.launch(new ContainerLaunch.Goal(ending, Tag.DONE)), session, environment);
        return OptionalInt.empty();
    }

    private void awaitStart(LaunchConversation launched, Session session, List<String> environment)
            throws ContainerException, SessionBrokenException {
        try {
            launched.awaitDone();
        } catch (ContainerException e) {
            new Delete(host, store, environment).destroy(session, launched.container(), e);
            throw e;
        }
    }

    private OptionalInt awaitEnd(
            LaunchConversation launched, Session session, Afterwards afterwards, List<String> environment)
            throws ContainerException, SessionBrokenException {
        ContainerRecord container = launched.container();
        OptionalInt code;
        try {
            code = launched.awaitEnd();
        } catch (ContainerException e) {
            if (afterwards == Afterwards.REMOVE) {
                new Delete(host, store, environment).destroy(session, container, e);
            }
            throw e;
        }
        if (code.isEmpty()) {
            return code;
        }
        Optional<ToldContainer> removed;
        try {
            removed = afterwards == Afterwards.REMOVE ? remove(session, container) : Optional.empty();
        } catch (ContainerException e) {
            // How the container ended is what its caller waits for.
            launched.retain();
            launched.warn(e.getMessage());
            return code;
        }
        if (removed.isEmpty()) {
            launched.release();
            return OptionalInt.empty();
        }
        launched.retain();
        try (ToldContainer told = removed.get()) {
            new RuntimeHooks(host, session, environment).poststop(told);
        }
        return code;
    }

    /** @return the container, if its poststop hooks are to be told */
    private Optional<ToldContainer> remove(Session session, ContainerRecord container)
            throws ContainerException, SessionBrokenException {
        try {
            return removeLocked(session, container);
        } catch (LostRootException e) {
            // Nobody else can make or remove a container there, either.
            new Removal(host, store).removeAllButState(container, new EngineSignaller());
            throw e;
        }
    }

    /** Another operation may have removed the container while it ran, and made another of its id. */
    private Optional<ToldContainer> removeLocked(Session session, ContainerRecord container)
            throws ContainerException, SessionBrokenException {
        try (var _ = host.locks().acquire(store.root(), container.id(), session)) {
            if (!store.hasState(container.id())) {
                // Nobody else leaves a directory without a state behind: the shim's own attempt has failed half-way, or
                // what was there was removed by hand, and with it which hooks there are.
                new Removal(host, store).remove(container, new EngineSignaller());
                return Optional.empty();
            }
            Optional<ContainerRecord> found = store.find(container.id());
            if (found.isEmpty() || !found.get().isSameAs(container)) {
                return Optional.empty();
            }
            checkNetDevicesAreBack(container);
            return removeTold(found.get());
        }
    }

    private Optional<ToldContainer> removeTold(ContainerRecord container) throws ContainerException {
        Removal removal = new Removal(host, store);
        if (container.description().hooks().poststop().isEmpty()) {
            removal.remove(container, new EngineSignaller());
            return Optional.empty();
        }
        ToldContainer told = ToldContainer.atLast(host.memory(), store, container);
        try {
            removal.remove(container, new EngineSignaller());
            return Optional.of(told);
        } catch (ContainerException | RuntimeException | Error e) {
            told.close();
            throw e;
        }
    }

    /** The shim has tried. */
    private void checkNetDevicesAreBack(ContainerRecord container) throws ContainerException {
        KeptNetwork network = store.network(container.id());
        if (!container.first().orElseThrow().netDevices().isEmpty() && network.place() != KeptNetwork.Place.NOWHERE) {
            throw new ContainerException("container " + container.id()
                    + " is kept, since a network device of the host could not be returned: delete it once that is"
                    + " possible; " + network.file() + " keeps its network namespace until then");
        }
    }
}
