// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerExistsException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.create.LaunchUnderway;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a container: what {@code create} and {@code run} have in common. An instance is for one container. */
public final class ContainerLaunch {

    private final Host host;
    private final StateStore store;
    private final Session session;
    private final CreateRequest request;
    private ContainerMaking making;
    private ToldContainer destroyed;
    private LaunchConversation conversation;
    private MemoryBudget.Share memory;
    private boolean hasPoststop;

    public ContainerLaunch(Host host, StateStore store, Session session, CreateRequest request) {
        this.host = host;
        this.store = store;
        this.session = session;
        this.request = request;
    }

    /**
     * How a launch ends well.
     *
     * @param ending how init starts
     * @param tag the report that says so
     */
    public record Goal(Ending ending, Tag tag) {}

    /**
     * Makes the container.
     *
     * @return what its shim has to say from now on
     * @throws ContainerException if it cannot be made; nothing is left of it then
     */
    public LaunchConversation launch(Goal goal) throws ContainerException, SessionBrokenException {
        boolean first = host.knownKernel().isEmpty();
        if (first) {
            host.loadAhead();
        }
        try (SeparateProcessors side =
                first ? SeparateProcessors.nowhere() : SeparateProcessors.with((int) request.callerPid(), session)) {
            return launch(goal, new ShimPreparation(session, host, side));
        }
    }

    private LaunchConversation launch(Goal goal, ShimPreparation shim)
            throws ContainerException, SessionBrokenException {
        shim.readAndSeal(request.bundle(), request.caller(), request.options().preservedDescriptors());
        // While the shim reads the bundle, seals itself, and then enters namespaces, all is done that does not need it.
        try {
            store.makeRoot();
            try (var _ = host.locks().acquire(store.root(), request.id(), session)) {
                claim();
                return launchClaimed(goal, shim);
            }
        } catch (ContainerException e) {
            shim.settle();
            if (destroyed != null) {
                new RuntimeHooks(host, session, request.caller().environment()).poststop(destroyed);
            }
            throw e;
        } finally {
            if (destroyed != null) {
                destroyed.close();
            }
        }
    }

    private void claim() throws ContainerException {
        if (store.claim(request.id())) {
            return;
        }
        Optional<ContainerRecord> found = store.find(request.id());
        boolean abandoned = found.isEmpty() || isAbandoned(found.get());
        if (!abandoned) {
            throw new ContainerExistsException(request.id());
        }
        // Its maker was killed before it was complete: nobody was told of it.
        if (found.isPresent()) {
            new Removal(host, store).remove(found.get(), new EngineSignaller());
        } else {
            store.remove(request.id());
        }
        if (!store.claim(request.id())) {
            throw new ContainerExistsException(request.id());
        }
    }

    /**
     * Whether a container will never be complete. A shim that makes its call again, since it lost its engine, was the
     * creator itself.
     */
    private boolean isAbandoned(ContainerRecord found) throws ContainerException {
        return found.init().isEmpty()
                && (found.creator().isSameAs(caller()) || !found.creator().isAlive());
    }

    private LaunchConversation launchClaimed(Goal goal, ShimPreparation shim)
            throws ContainerException, SessionBrokenException {
        try {
            long uid = begin(goal, shim);
            conversation.awaitGoal(goal.tag(), uid);
            return conversation;
        } catch (ContainerException | SessionBrokenException | RuntimeException | Error e) {
            forgetPlan();
            takeBack(e);
            throw e;
        } finally {
            forgetPlan();
            // By now the container's first process is in its cgroup.
            if (making != null) {
                making.close();
            }
        }
    }

    /**
     * Has the shim begin with the launch. From then on it takes as long as file systems and hooks like, and nothing
     * large is kept of it but the annotations, until the state is complete.
     *
     * @return the user id of the container's process
     */
    private long begin(Goal goal, ShimPreparation shim) throws ContainerException, SessionBrokenException {
        LaunchContext site = LaunchContext.of(host, request.callerPid(), request.cgroups());
        ProcessIdentity creator = caller();
        BundleReader.Bundle bundle = shim.awaitBundle();
        host.checkKernel();
        ConfigCheck.Checked checked = check(bundle);
        Config config = checked.config().config();
        shim.warn(request.warnings(), checked.warnings());
        Map<String, List<DeviceAddress>> addresses = shim.addressesOf(config.linux());
        shim.enterNamespaces(config);
        LaunchPlan plan = new LaunchPlan(site, store, request, checked);
        LaunchRequest launch = plan.launch(bundle.path(), goal.ending(), addresses);
        making = new ContainerMaking(store, request, ContainerResctrl.of(config, request.id()));
        hasPoststop = !config.hooks().poststop().isEmpty();
        CreateProgram create = launch.cgroup().unit().isPresent()
                ? makeUnit(launch, plan, creator, bundle.config(), shim)
                : makePlacesMeanwhile(launch, plan, creator, bundle.config(), shim);
        Conversation begun = shim.begin(making.container().places().own());
        LaunchUnderway underway = create.underway();
        ReplannedLaunch failures = new ReplannedLaunch(
                host,
                store,
                request,
                site,
                launch.bundle(),
                goal.ending(),
                addresses,
                making.state(),
                bundle.config().length,
                underway.instructions());
        conversation = new LaunchConversation(session, request, making, memory, begun, underway, failures);
        memory.keepOnly(CallMemory.whileLaunched(bundle.config().length));
        return launch.config().process().orElseThrow().user().uid();
    }

    /** What follows after the program was sent is done while the shim reads it. */
    private CreateProgram makePlacesMeanwhile(
            LaunchRequest launch, LaunchPlan plan, ProcessIdentity creator, byte[] document, ShimPreparation shim)
            throws ContainerException, SessionBrokenException {
        CreateProgram create;
        try (var places = ParallelTask.offer(
                () -> making.make(launch, plan, creator, document, Optional.empty()), host.helpers())) {
            create = compile(launch);
            shim.hold(create);
            places.finish();
        }
        shim.await();
        return create;
    }

    /** A unit is made with a process in it. */
    private CreateProgram makeUnit(
            LaunchRequest launch, LaunchPlan plan, ProcessIdentity creator, byte[] document, ShimPreparation shim)
            throws ContainerException, SessionBrokenException {
        CreateProgram create = compile(launch);
        shim.hold(create);
        try {
            making.make(launch, plan, creator, document, Optional.of(making.holder(shim.awaitHolder(), creator)));
        } catch (ContainerException e) {
            shim.giveUp();
            throw e;
        }
        return create;
    }

    /**
     * What is large about a document and its launch is known before anything is done that the shim could not begin anew
     * elsewhere.
     */
    private ConfigCheck.Checked check(BundleReader.Bundle bundle) throws ContainerException, SessionBrokenException {
        try (var _ = host.memory().toRead(bundle.config())) {
            ConfigCheck.Checked checked =
                    ConfigCheck.check(bundle.config(), host.support(), request.allowed(), request.cgroups());
            memory = host.memory().toPlan(bundle.config(), checked.config().config());
            return checked;
        } finally {
            session.forgetReports();
        }
    }

    private void forgetPlan() {
        if (conversation != null) {
            conversation.forgetPlan();
        }
        if (making != null) {
            making.forgetWhatIsTold();
        }
        if (memory != null) {
            memory.close();
        }
    }

    private ProcessIdentity caller() throws ContainerException {
        return ProcessIdentity.of(request.callerPid())
                .orElseThrow(() -> new ContainerException("the calling process has ended"));
    }

    private CreateProgram compile(LaunchRequest launch) throws ContainerException {
        return LaunchPlan.compile(launch, host.machine(), host.knownKernel().orElseThrow());
    }

    private void takeBack(Throwable cause) {
        try {
            if (making == null || !making.isRecorded()) {
                store.remove(request.id());
                return;
            }
            making.takeBack(host);
            if (hasPoststop) {
                destroyed = ToldContainer.atLast(host.memory(), store, making.container());
            }
            removeState();
        } catch (ContainerException e) {
            if (cause instanceof ContainerException told) {
                told.addLeft(e);
            }
        }
    }

    /**
     * Not if the shim was killed before it could give network devices back: that is for delete to do then, and to run
     * hooks.
     */
    private void removeState() throws ContainerException {
        try {
            store.remove(request.id());
        } catch (ContainerException e) {
            if (destroyed != null) {
                destroyed.close();
                destroyed = null;
            }
            throw e;
        }
    }
}
