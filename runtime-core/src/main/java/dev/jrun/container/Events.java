// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.controller.OomNotices;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.Caller;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.watch.EventsProgram;
import dev.jrun.launch.watch.KeptWatch;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code events}: prints what a container uses, once or repeatedly, and when it runs out of memory. */
public final class Events {

    private final Host host;
    private final StateStore store;
    private final ContainerId id;
    private final Words words;

    public Events(Host host, StateStore store, ContainerId id, Words words) {
        this.host = host;
        this.store = store;
        this.id = id;
        this.words = words;
    }

    /** How it is said. */
    public interface Words {
        /** That the container uses this. */
        String stats(Usage.Counts counts);

        /** That a process was killed for want of memory. */
        String oom();

        /** What keeps it from being found out. */
        String error(ContainerException reason);
    }

    /**
     * What the container uses now.
     *
     * @throws NoSuchContainerException if there is none
     * @throws NotRunningException if it does not run
     * @throws ContainerException if it cannot be found out
     */
    public String now() throws ContainerException {
        return words.stats(new Usage(host).of(running()));
    }

    private ContainerRecord running() throws ContainerException {
        ContainerRecord container = store.read(id);
        Status status = ContainerState.of(container).status();
        if (!status.isRunning()) {
            throw new NotRunningException("container with id " + id + " is not running", status);
        }
        return container;
    }

    private static boolean isRunning(ContainerRecord container) throws ContainerException {
        return ContainerState.of(container).status().isRunning();
    }

    /**
     * Has the shim watch the container, with a look each time that {@code interval} has passed. The shim goes on alone.
     *
     * @throws NoSuchContainerException if there is none
     * @throws NotRunningException if it does not run
     * @throws ContainerException if it cannot be watched
     */
    public void begin(Session session, Caller caller, Duration interval)
            throws ContainerException, SessionBrokenException {
        ContainerRecord container = running();
        // What cannot be said at all is said at once.
        new Usage(host).of(container);
        ProcessIdentity init = container.init().orElseThrow();
        EventsProgram watch = program(caller, OptionalLong.of(init.startTime()), notices(container));
        try {
            Conversation conversation = Conversation.run(session, watch.begin(init.pid(), interval));
            conversation.await(Tag.HELD);
            confirm(init, watch, conversation);
            conversation.await(Tag.DONE);
        } catch (StepFailedException e) {
            throw new ContainerException("cannot watch container " + id + ": " + e.getMessage(), e);
        }
    }

    private static void confirm(ProcessIdentity init, EventsProgram watch, Conversation conversation)
            throws ContainerException, SessionBrokenException {
        boolean lives;
        try {
            lives = init.isAlive();
        } catch (ContainerException e) {
            conversation.endAt(watch.abandoned());
            throw e;
        }
        if (lives) {
            conversation.go();
        } else {
            conversation.goTo(watch.another());
        }
    }

    /** Has a shim that has looked before go on, likewise. */
    public void goOn(Session session, Caller caller, KeptWatch kept) throws ContainerException, SessionBrokenException {
        Optional<ContainerRecord> container = findRunning(kept);
        Optional<OomNotices> notices = kept.oom().map(KeptWatch.Oom::notices);
        String text = "";
        String error = "";
        if (container.isPresent()) {
            try {
                text = words.stats(new Usage(host).of(container.get()));
            } catch (ContainerException e) {
                error = words.error(e);
            }
            notices = current(kept);
            // What was counted of a cgroup that was being removed, or of a later one, is nothing.
            container = findRunning(kept);
        }
        resume(
                session,
                container.isPresent()
                        ? program(caller, kept.started(), notices).goOn(kept, bytes(text), bytes(error))
                        : program(caller, kept.started(), kept.oom().map(KeptWatch.Oom::notices))
                                .end(kept));
    }

    /** The container that is watched; one that was made since then with its id is another. */
    private Optional<ContainerRecord> findRunning(KeptWatch kept) throws ContainerException {
        Optional<ContainerRecord> container = store.find(id);
        return container.isPresent() && isRunning(container.get()) && isWatched(container.get(), kept)
                ? container
                : Optional.empty();
    }

    private static boolean isWatched(ContainerRecord container, KeptWatch kept) {
        return kept.started().isEmpty()
                || container.init().orElseThrow().startTime() == kept.started().getAsLong();
    }

    private void resume(Session session, Program program) throws ContainerException, SessionBrokenException {
        try {
            Conversation.run(session, program).await(Tag.DONE);
        } catch (StepFailedException e) {
            throw new ContainerException("cannot watch container " + id + ": " + e.getMessage(), e);
        }
    }

    private EventsProgram program(Caller caller, OptionalLong started, Optional<OomNotices> notices) {
        return new EventsProgram(caller, started, notices, bytes(words.oom()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<OomNotices> current(KeptWatch kept) throws ContainerException {
        if (kept.oom().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(kept.oom().get().notices().now());
        } catch (CgroupException e) {
            throw new ContainerException("cannot watch container " + id + ": " + e.getMessage(), e);
        }
    }

    private Optional<OomNotices> notices(ContainerRecord container) throws ContainerException {
        try {
            return OomNotices.of(container.places().ownCgroup());
        } catch (CgroupException e) {
            throw new ContainerException("cannot watch container " + id + ": " + e.getMessage(), e);
        }
    }
}
