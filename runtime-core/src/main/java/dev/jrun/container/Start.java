// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.Conversation;
import dev.jrun.container.launch.HookFailedException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.LaunchFailure;
import dev.jrun.container.launch.RuntimeHooks;
import dev.jrun.container.launch.StepFailedException;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.ContainerId;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.NoSuchContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.SeccompNotification;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Optional;

/** {@code start}: lets the init of a created container execute the container's program. */
public final class Start {

    private final Host host;
    private final StateStore store;
    private final List<String> environment;

    /** @param environment the caller's, which hooks inherit; entries {@code NAME=value} */
    public Start(Host host, StateStore store, List<String> environment) {
        this.host = host;
        this.store = store;
        this.environment = List.copyOf(environment);
    }

    /**
     * Starts container {@code id}.
     *
     * @throws NoSuchContainerException if there is none
     * @throws ContainerException if it is not in the state "created", or its program cannot be executed, or a hook fails, which
     *     destroys the container
     */
    public void execute(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toReadState(AnnotationNeed.length(store, store.read(id)))) {
            executeNow(session, id);
        }
    }

    private void executeNow(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        ContainerRecord container = store.read(id);
        try {
            try (var _ = host.locks().acquire(store.root(), id, session)) {
                container = AnnotationNeed.whole(store, store.read(id));
                checkIsCreated(container);
                start(session, container);
                store.removeStartSocket(id);
            }
            // Not under the lock: a hook may well ask for this container.
            new RuntimeHooks(host, session, environment).poststart(container);
        } catch (HookFailedException e) {
            // "Stop the container, and continue the lifecycle at step 12", its destruction: runtime.md.
            new Delete(host, store, environment).destroy(session, container, e);
            throw e;
        }
    }

    private static void checkIsCreated(ContainerRecord container) throws ContainerException {
        switch (ContainerState.ofLocked(container).status()) {
            case CREATED -> {}
            case CREATING -> throw new ContainerException("container " + container.id() + " is still being created");
            case RUNNING, PAUSED ->
                throw new ContainerException("cannot start container " + container.id() + ": it is already running");
            case UNKNOWN ->
                throw new ContainerException("cannot start container " + container.id() + ": how it is is not known");
            case STOPPED ->
                throw new ContainerException("cannot start container " + container.id() + ": it has stopped");
        }
    }

    private void start(Session session, ContainerRecord container) throws ContainerException, SessionBrokenException {
        StartProgram start = new StartProgram(store.directory(container.id()), host.machine(), notification(container));
        Report.Yielded report = converse(session, container, start.program());
        if (Tag.of(report.tag()) == Tag.INIT_FAILED) {
            throw failure(container, start, report);
        }
        checkHasExecuted(container);
    }

    private static Report.Yielded converse(Session session, ContainerRecord container, Program program)
            throws ContainerException, SessionBrokenException {
        try {
            Conversation start = Conversation.run(session, program);
            Report.Yielded report = start.await(Tag.START_CLOSED, Tag.INIT_FAILED);
            start.awaitEnd();
            return report;
        } catch (StepFailedException e) {
            throw new ContainerException("cannot start container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    private static Optional<SeccompNotification> notification(ContainerRecord container) {
        return container
                .description()
                .listener()
                .map(listener -> new SeccompNotification(
                        listener,
                        RuntimeHooks.subject(container),
                        container.init().orElseThrow().pid()));
    }

    private static ContainerException failure(ContainerRecord container, StartProgram start, Report.Yielded report) {
        String step = container
                .first()
                .orElseThrow()
                .startSteps()
                .getOrDefault((int) report.value(start.initInstruction()), "start");
        String message = LaunchFailure.describe(
                step, report.value(start.initErrno()), report.ranges().getFirst());
        return LaunchFailure.isOfHook(step) ? new HookFailedException(message) : new ContainerException(message);
    }

    private static void checkHasExecuted(ContainerRecord container) throws ContainerException {
        if (container.hasNotExecuted()) {
            throw new ContainerException(
                    "cannot start container " + container.id() + ": its init was killed before its program ran");
        }
    }
}
