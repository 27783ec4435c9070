// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerExistsException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.launch.AfterStart;
import dev.jrun.launch.CreateProgram;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.LaunchUnderway;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.process.HomeDirectory;
import dev.jrun.program.Patch;
import dev.jrun.program.Report;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes a container: what {@code create} and {@code run} have in common. An instance is for one container. */
public final class ContainerLaunch {

    private final Host host;
    private final StateStore store;
    private final Session session;
    private final CreateRequest request;
    private ContainerMaking making;
    private ToldContainer destroyed;
    private Conversation conversation;
    private LaunchUnderway underway;
    private ReplannedLaunch failures;
    private AfterStart afterStart;
    private MemoryBudget.Share memory;
    private Tag reached;
    private boolean hasPoststop;

    public ContainerLaunch(Host host, StateStore store, Session session, CreateRequest request) {
        this.host = host;
        this.store = store;
        this.session = session;
        this.request = request;
    }

    /** How a launch ends well: which report says so, and how init starts. */
    public interface Goal {

        Ending ending(Path stateDirectory);

        Tag tag();
    }

    /**
     * Makes the container.
     *
     * @return what is kept of it
     * @throws ContainerException if it cannot be made; nothing is left of it then
     */
    public ContainerRecord launch(Goal goal) throws ContainerException, SessionBrokenException {
        boolean first = host.knownKernel().isEmpty();
        if (first) {
            host.loadAhead();
        }
        try (SeparateProcessors side =
                first ? SeparateProcessors.nowhere() : SeparateProcessors.with((int) request.callerPid(), session)) {
            return launch(goal, new ShimPreparation(session, host, side));
        }
    }

    private ContainerRecord launch(Goal goal, ShimPreparation shim) throws ContainerException, SessionBrokenException {
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

    private ContainerRecord launchClaimed(Goal goal, ShimPreparation shim)
            throws ContainerException, SessionBrokenException {
        try {
            long uid = begin(goal, shim);
            return converse(goal.tag(), uid);
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
        Ending ending = goal.ending(store.directory(request.id()));
        LaunchRequest launch = plan.launch(bundle.path(), ending, addresses);
        making = new ContainerMaking(store, request, ResourceControl.of(config, request.id()));
        hasPoststop = !config.hooks().poststop().isEmpty();
        CreateProgram create = launch.cgroup().unit().isPresent()
                ? makeUnit(launch, plan, creator, bundle.config(), shim)
                : makePlacesMeanwhile(launch, plan, creator, bundle.config(), shim);
        conversation = shim.begin(making.container().places().own());
        underway = create.underway();
        failures = new ReplannedLaunch(
                host,
                store,
                request,
                site,
                launch.bundle(),
                ending,
                addresses,
                making.state(),
                bundle.config().length,
                underway.instructions());
        conversation.forgetProgram(failures);
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

    /**
     * A container may live for months. Only what the rest of its launch program may report is to be understood then.
     */
    private void forgetPlan() {
        if (reached == Tag.STARTED) {
            afterStart = underway.afterStart();
            conversation.forgetProgram(afterStart);
        }
        underway = null;
        failures = null;
        forgetWhatIsTold();
    }

    /** It is in the state. */
    private void forgetWhatIsTold() {
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

    private ContainerRecord converse(Tag goal, long uid) throws ContainerException, SessionBrokenException {
        while (true) {
            Report.Yielded report = conversation.await(
                    Tag.PREPARED, Tag.EXECUTED, Tag.STARTED, goal, Tag.INIT_FAILED, Tag.INIT_LOST, Tag.SHIM_FAILED);
            Tag tag = Tag.of(report.tag());
            if (tag == goal || tag == Tag.STARTED) {
                reached = tag;
                return making.container();
            }
            if (tag == Tag.EXECUTED) {
                checkHasExecuted();
                conversation.go();
            } else if (tag == Tag.PREPARED) {
                recordInit(report);
                conversation.go(answer(report, uid));
            } else {
                throw failed(failure(tag, report));
            }
        }
    }

    private void recordInit(Report.Yielded report) throws ContainerException, SessionBrokenException {
        try {
            making.recordInit(
                    report.value(underway.pid()),
                    underway.startSteps(),
                    underway.devices().moved(report.ranges().getLast()));
            forgetWhatIsTold();
        } catch (ContainerException e) {
            conversation.endAt(underway.refused());
            throw e;
        }
    }

    /** What init has to know of its user. */
    private List<Patch> answer(Report.Yielded report, long uid) {
        String home = HomeDirectory.of(report.ranges().getFirst(), uid);
        List<Patch> answer = new ArrayList<>(underway.homePatch(home));
        if (underway.asksForHostUser()) {
            OptionalLong known = hostUser(report.value(underway.pid()), uid);
            if (known.isPresent()) {
                answer.add(underway.hostUserPatch(known.getAsLong()));
            }
        }
        return answer;
    }

    /** Empty if it cannot be found out; then nothing is given to the user. */
    private static OptionalLong hostUser(long pid, long uid) {
        try {
            return UserIds.of(pid).host(uid);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** Whoever waits for an end sees how init ended; a detached container would count as started, and be gone. */
    private void checkHasExecuted() throws ContainerException, SessionBrokenException {
        try {
            if (making.container().hasNotExecuted()) {
                throw new ContainerException(
                        "cannot start container " + request.id() + ": its init was killed before its program ran");
            }
        } catch (ContainerException e) {
            conversation.endAt(underway.refused());
            throw e;
        }
    }

    /**
     * Waits until the shim of a container that was launched detached has done the rest, its poststart hooks.
     *
     * @throws ContainerException if one of them failed; the container has been killed
     */
    public void awaitDone() throws ContainerException, SessionBrokenException {
        if (reached != Tag.DONE) {
            checkShimHasNotFailed(conversation.await(Tag.DONE, Tag.SHIM_FAILED));
        }
    }

    /**
     * Waits until the container that was launched has ended.
     *
     * @return the exit code that says how it ended, and the shim waits for an answer; empty if the shim has removed it,
     *     and ends
     * @throws ContainerException if the shim cannot supervise it, or one of its poststart hooks failed; it has been
     *     killed
     */
    public OptionalInt awaitEnd() throws ContainerException, SessionBrokenException {
        Report.Yielded report = conversation.await(Tag.ENDED, Tag.REMOVED, Tag.SHIM_FAILED);
        checkShimHasNotFailed(report);
        return Tag.of(report.tag()) == Tag.REMOVED
                ? OptionalInt.empty()
                : OptionalInt.of(
                        WaitStatus.of(report.value(afterStart.status())).exitCode());
    }

    private void checkShimHasNotFailed(Report.Yielded report) throws ContainerException, SessionBrokenException {
        if (Tag.of(report.tag()) == Tag.SHIM_FAILED) {
            throw failed(new ContainerException(LaunchFailure.describe(
                    afterStart
                            .step(report.value(afterStart.failedInstruction()))
                            .toString(),
                    report.value(afterStart.failedErrno()),
                    report.ranges().getFirst())));
        }
    }

    private ContainerException failure(Tag tag, Report.Yielded report) {
        if (tag == Tag.INIT_LOST) {
            return new ContainerException(LaunchFailure.describeLoss(
                    WaitStatus.of(report.value(underway.afterStart().status())), making.oomKills()));
        }
        // To plan again takes memory that who has some is not to wait for.
        forgetWhatIsTold();
        return failures.failure(
                report.value(underway.afterStart().failedInstruction()),
                report.value(underway.afterStart().failedErrno()),
                report.ranges().getFirst());
    }

    /** Says what is wrong after a launch; the shim awaits a program. */
    public void warn(String message) throws ContainerException, SessionBrokenException {
        Conversation.complete(session, request.warnings().afterwards(List.of(message)));
    }

    /** Has the shim end as the container did. */
    public void release() throws SessionBrokenException {
        conversation.go();
    }

    /** Has the shim stay, although the container has ended, to be told what is wrong. */
    public void retain() throws ContainerException, SessionBrokenException {
        conversation.endAt(afterStart.notRemoved());
    }

    /** The program ends after it has reported a failure; only then the shim can be given another. */
    private ContainerException failed(ContainerException failure) throws ContainerException, SessionBrokenException {
        conversation.awaitEnd();
        return failure;
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
