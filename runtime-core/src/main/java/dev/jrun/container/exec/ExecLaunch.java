// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.exec.ExecConversation.End;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.PausedException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.container.state.ConfiguredContainer;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.exec.ExecProgram;
import dev.jrun.launch.exec.ProcessProgram;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Patch;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Executes a process in a container. It changes nothing about the container, so it does not take its lock: an exec that
 * waits in a paused container must not keep others from resuming it. It verifies that init still is the same process
 * while holding it.
 */
public final class ExecLaunch {

    private final Host host;
    private final StateStore store;
    private final Session session;
    private final ExecCall call;
    private final ShimReading shim;

    public ExecLaunch(Host host, StateStore store, Session session, ExecCall call) {
        this.host = host;
        this.store = store;
        this.session = session;
        this.call = call;
        this.shim = new ShimReading(
                session, host, document(), call.caller(), call.options().preservedDescriptors());
    }

    /**
     * Executes it; the shim then ends by itself.
     *
     * @throws ContainerException if it cannot be executed; the shim awaits its next program
     */
    public void execute() throws ContainerException, SessionBrokenException {
        shim.readAndSeal();
        try {
            // While the shim reads the document and seals itself, all is read that does not need it.
            ConfiguredContainer container = host.known().read(store, call.id());
            Status status = checkRuns(container.kept());
            Optional<byte[]> document = shim.awaitDocument();
            host.checkKernel();
            try (var _ = host.memory().toExecute(Preparation.length(container, document))) {
                Preparation preparation = prepare(container, document);
                if (status == Status.CREATED) {
                    preparation.plan().checkSparesWaitingInit();
                }
                execute(preparation);
            }
        } catch (ContainerException e) {
            shim.settle();
            throw e;
        }
    }

    /**
     * The program that would execute it; the shim only reads the document.
     *
     * @throws ContainerException if it cannot be executed; the shim awaits its next program
     */
    public ExecProgram plan() throws ContainerException, SessionBrokenException {
        Optional<byte[]> document = read(document());
        ConfiguredContainer container = host.known().read(store, call.id());
        checkRuns(container.kept());
        ExecPlan plan = plan(container, document);
        return plan.program(plan.place().entry());
    }

    private Optional<byte[]> read(Optional<String> document) throws ContainerException, SessionBrokenException {
        if (document.isEmpty()) {
            return Optional.empty();
        }
        Conversation reading = Conversation.run(session, ProcessProgram.read(document.get()));
        byte[] bytes = reading.await(Tag.DOCUMENT).ranges().getFirst();
        reading.awaitEnd();
        return Optional.of(bytes);
    }

    private Optional<String> document() {
        return call.asked() instanceof AskedProcess.Document(String name) ? Optional.of(name) : Optional.empty();
    }

    private Status checkRuns(ContainerRecord container) throws ContainerException {
        Status status = ContainerState.of(container).status();
        switch (status) {
            case CREATED, RUNNING -> {}
            case CREATING ->
                throw new NotRunningException("container " + container.id() + " is still being created", status);
            case PAUSED -> {
                if (call.whilePaused() == ExecCall.WhilePaused.REFUSE) {
                    throw new PausedException("cannot exec in a paused container (use --ignore-paused to override)");
                }
            }
            case STOPPED -> {
                host.known().forget(store.directory(container.id()));
                throw new NotRunningException("cannot exec in a stopped container", status);
            }
            case UNKNOWN ->
                throw new WrongStatusException(
                        "cannot exec in container " + container.id() + ": its status cannot be determined", status);
        }
        return status;
    }

    private ExecPlan plan(ConfiguredContainer container, Optional<byte[]> document)
            throws ContainerException, SessionBrokenException {
        try {
            return Preparation.understand(host, call, store.directory(call.id()), container, document);
        } finally {
            session.forgetReports();
        }
    }

    private Preparation prepare(ConfiguredContainer container, Optional<byte[]> document)
            throws ContainerException, SessionBrokenException {
        try {
            return new Preparation(host, call, store.directory(call.id()), container, document);
        } finally {
            session.forgetReports();
        }
    }

    private void execute(Preparation preparation) throws ContainerException, SessionBrokenException {
        ExecPlan plan = preparation.plan();
        shim.warn(call.warnings(), plan.warnings());
        End end = execute(plan, preparation.inContainer());
        if (end == End.CGROUP_TAKES_NONE) {
            end = execute(plan, preparation.besideInit());
        }
        if (end == End.CGROUP_TAKES_NONE) {
            throw new ContainerException(
                    "neither the container's cgroup nor the one where its init was a moment ago takes processes");
        }
    }

    private End execute(ExecPlan plan, ReadyExec exec) throws ContainerException, SessionBrokenException {
        List<Patch> known = new ArrayList<>(plan.place().identity(exec.protocol()));
        known.addAll(exec.changes());
        known.addAll(exec.prepared().known());
        shim.hold(exec, known);
        return new ExecConversation(call, plan, exec, shim.begin()).await();
    }
}
