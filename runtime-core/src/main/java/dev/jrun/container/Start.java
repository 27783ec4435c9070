// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.conversation.LaunchFailure;
import dev.jrun.container.conversation.StepFailedException;
import dev.jrun.container.launch.Host;
import dev.jrun.container.launch.RuntimeHooks;
import dev.jrun.container.launch.ToldContainer;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.HookFailedException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotExecutableException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.PausedException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.SeccompNotification;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.notify.ReadyProgram;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** {@code start}: has the init of a created container execute the container's program. */
public final class Start {

    private final Host host;
    private final StateStore store;
    private final List<String> environment;
    private final Optional<ServiceManager> manager;

    /**
     * @param environment the caller's, which hooks inherit; entries {@code NAME=value}
     * @param manager who is told when the container is ready, if it was made to say that
     */
    public Start(Host host, StateStore store, List<String> environment, Optional<ServiceManager> manager) {
        this.host = host;
        this.store = store;
        this.environment = List.copyOf(environment);
        this.manager = manager;
    }

    /**
     * Starts container {@code id}, and waits until it is ready if somebody is to be told.
     *
     * @return the exit code that the shim is to end with; empty if it ends by itself
     * @throws NoSuchContainerException if there is none
     * @throws WrongStatusException if it is not "created"
     * @throws NotExecutableException if its program cannot be executed
     * @throws HookFailedException if a hook fails, which destroys the container
     * @throws ContainerException if it cannot be started for another reason
     */
    public OptionalInt execute(Session session, ContainerId id) throws ContainerException, SessionBrokenException {
        Optional<Program> waiting = executeNow(session, id);
        if (waiting.isEmpty()) {
            return OptionalInt.of(0);
        }
        // Not under the lock: that may take as long as any.
        Conversation.run(session, waiting.get()).await(Tag.DONE);
        return OptionalInt.empty();
    }

    /** Returns the program that waits until the container is ready. */
    private Optional<Program> executeNow(Session session, ContainerId id)
            throws ContainerException, SessionBrokenException {
        ContainerRecord container = store.read(id);
        Optional<Program> waiting;
        try {
            try (var _ = host.locks().acquire(store.root(), id, session)) {
                container = store.read(id);
                checkIsCreated(container);
                waiting = start(session, container);
                store.removeStartSocket(id);
            }
            // Not under the lock: a hook may well ask for this container.
            poststart(session, container);
            return waiting;
        } catch (HookFailedException e) {
            // "Stop the container, and continue the lifecycle at step 12", its destruction: runtime.md.
            new Delete(host, store, environment).destroy(session, container, e);
            throw e;
        }
    }

    private void poststart(Session session, ContainerRecord container)
            throws ContainerException, SessionBrokenException {
        if (container.description().hooks().poststart().isEmpty()) {
            return;
        }
        try (ToldContainer told = told(container)) {
            new RuntimeHooks(host, session, environment).poststart(told);
        }
    }

    private ToldContainer told(ContainerRecord container) throws HookFailedException {
        try {
            return ToldContainer.atLast(host.memory(), store, container);
        } catch (ContainerException e) {
            throw new HookFailedException("config.json#/hooks/poststart: " + e.getMessage());
        }
    }

    private static void checkIsCreated(ContainerRecord container) throws ContainerException {
        Status status = ContainerState.ofLocked(container).status();
        switch (status) {
            case CREATED -> {}
            case CREATING ->
                throw new NotRunningException("container " + container.id() + " is still being created", status);
            case PAUSED -> throw new PausedException("cannot start container " + container.id() + ": it is paused");
            case RUNNING ->
                throw new WrongStatusException(
                        "cannot start container " + container.id() + ": it is already running", status);
            case UNKNOWN ->
                throw new WrongStatusException(
                        "cannot start container " + container.id() + ": its status cannot be determined", status);
            case STOPPED ->
                throw new NotRunningException("cannot start container " + container.id() + ": it has stopped", status);
        }
    }

    private Optional<Program> start(Session session, ContainerRecord container)
            throws ContainerException, SessionBrokenException {
        boolean waits = manager.isPresent() && store.hasNotifySocket(container.id());
        Underway start = begin(session, container, waits ? OptionalLong.of(pid(container)) : OptionalLong.empty());
        Report.Yielded report = converse(container, start.conversation());
        if (Tag.of(report.tag()) == Tag.INIT_FAILED) {
            throw failure(
                    container,
                    report.value(start.initInstruction()),
                    report.value(start.initErrno()),
                    report.ranges().getFirst());
        }
        if (Tag.of(report.tag()) == Tag.INIT_LOST || container.hasNotExecuted()) {
            throw new ContainerException(
                    "cannot start container " + container.id() + ": its init was killed before its program ran");
        }
        return waits
                ? Optional.of(ReadyProgram.of(
                        manager.get(),
                        report.value(start.notifySocket()),
                        report.value(start.heldInit()),
                        pid(container)))
                : Optional.empty();
    }

    /**
     * A start, and what is kept of its program: who answers notifications, and hooks, may take as long as they like.
     */
    private record Underway(
            Conversation conversation,
            Register initInstruction,
            Register initErrno,
            Register notifySocket,
            Register heldInit) {}

    /** @param awaited init's pid, if it is waited for until the container is ready */
    private Underway begin(Session session, ContainerRecord container, OptionalLong awaited)
            throws ContainerException, SessionBrokenException {
        Optional<SeccompListener> listener = container.description().listener();
        if (listener.isEmpty()) {
            return begin(session, container, awaited, Optional.empty());
        }
        try (ToldContainer told = ToldContainer.of(host.memory(), store, container)) {
            return begin(
                    session,
                    container,
                    awaited,
                    Optional.of(new SeccompNotification(
                            listener.get(), RuntimeHooks.subject(told.container()), pid(container))));
        }
    }

    private Underway begin(
            Session session,
            ContainerRecord container,
            OptionalLong awaited,
            Optional<SeccompNotification> notification)
            throws SessionBrokenException {
        StartProgram start = new StartProgram(store.directory(container.id()), host.machine(), notification, awaited);
        Conversation conversation = Conversation.run(session, start.program());
        conversation.forgetProgram(start.program().steps());
        return new Underway(
                conversation, start.initInstruction(), start.initErrno(), start.notifySocket(), start.heldInit());
    }

    private static long pid(ContainerRecord container) {
        return container.init().orElseThrow().pid();
    }

    private static Report.Yielded converse(ContainerRecord container, Conversation start)
            throws ContainerException, SessionBrokenException {
        try {
            Report.Yielded report = start.await(Tag.START_CLOSED, Tag.INIT_FAILED, Tag.INIT_LOST);
            start.awaitEnd();
            return report;
        } catch (StepFailedException e) {
            throw new ContainerException("cannot start container " + container.id() + ": " + e.getMessage(), e);
        }
    }

    private static ContainerException failure(
            ContainerRecord container, long instruction, long errno, byte[] diagnosis) {
        String step = container.first().orElseThrow().startSteps().getOrDefault((int) instruction, "start");
        String message = LaunchFailure.describe(step, errno, diagnosis);
        if (LaunchFailure.isOfHook(step)) {
            return new HookFailedException(message);
        }
        return LaunchFailure.isOfExecutable(step)
                ? new NotExecutableException(message)
                : new ContainerException(message);
    }
}
