// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.Delegation;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.controller.MemoryController;
import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.cgroup.driver.Making;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerDescription;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.FirstProcess;
import dev.jrun.container.state.OpenState;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.netdev.MovedDevice;
import dev.jrun.spec.Config;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Namespace;
import dev.jrun.spec.Resources;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What the engine makes of a container while the shim makes its processes: its record, its cgroup, its group of
 * resctrl. What is made is recorded before, so that it can be taken back whatever happens.
 */
final class ContainerMaking implements AutoCloseable {

    private final StateStore store;
    private final CreateRequest request;
    private final Optional<ContainerResctrl> resctrl;
    private ContainerRecord container;
    private OpenState state;
    private CgroupDriver driver;
    private Optional<CgroupCreation> cgroupCreation = Optional.empty();

    /** @param resctrl its groups of resctrl, if it is to have any */
    ContainerMaking(StateStore store, CreateRequest request, Optional<ContainerResctrl> resctrl) {
        this.store = store;
        this.request = request;
        this.resctrl = resctrl;
    }

    /** Whether there is a record that says what else there may be. */
    boolean isRecorded() {
        return container != null;
    }

    ContainerRecord container() {
        return container;
    }

    OpenState state() {
        return state;
    }

    /** Leaves out of memory what only hooks and agents are told. It is in the state. */
    void forgetWhatIsTold() {
        if (isRecorded()) {
            container = container.withoutWhatIsTold();
        }
    }

    /** The process that holds init's place in a unit's cgroup. */
    Making.Holder holder(long pid, ProcessIdentity shim) throws ContainerException {
        return new PlaceHeld(pid, shim);
    }

    /** The process that holds init's place. */
    private final class PlaceHeld implements Making.Holder {
        private final ProcessIdentity identity;

        /** @param shim its parent: as long as that lives nobody else can get its pid, which stays a zombie's */
        PlaceHeld(long pid, ProcessIdentity shim) throws ContainerException {
            this.identity = ProcessIdentity.of(pid).orElseThrow(PlaceHeld::ended);
            if (!shim.isAlive()) {
                throw ended();
            }
        }

        private static ContainerException ended() {
            return new ContainerException("the process that held init's place has ended");
        }

        @Override
        public long pid() {
            return identity.pid();
        }

        @Override
        public void check() throws CgroupException {
            try {
                if (!identity.isAlive()) {
                    throw ended();
                }
            } catch (ContainerException e) {
                throw new CgroupException(e.getMessage(), e);
            }
        }

        @Override
        public void made(String invocation) throws CgroupException {
            container = container.withInvocation(invocation);
            try {
                state.write(container);
            } catch (ContainerException e) {
                throw new CgroupException(e.getMessage(), e);
            }
        }
    }

    /**
     * Records the container, makes its cgroup and restricts what it may use.
     *
     * @param creator the shim
     * @param document the configuration, as it was read
     * @param holder who is in a unit's cgroup until init is
     */
    void make(
            LaunchRequest launch,
            LaunchPlan plan,
            ProcessIdentity creator,
            byte[] document,
            Optional<Making.Holder> holder)
            throws ContainerException {
        record(launch, plan, creator);
        state.writeConfig(container, document);
        makeCgroup(launch.config(), plan, holder);
        if (resctrl.isPresent()) {
            recordOwn(container.places().own().and(resctrl.get().make()));
        }
    }

    /** Before anything else is made that stays, so that it can be found if this engine dies. */
    private void record(LaunchRequest launch, LaunchPlan plan, ProcessIdentity creator) throws ContainerException {
        var places = ContainerPlaces.planned(
                plan.driver().kind(),
                plan.place(),
                resctrl.map(ContainerResctrl::own).orElse(List.of()));
        state = store.open(request.id());
        container = new ContainerRecord(description(launch), places, creator, Optional.empty());
        state.write(container);
    }

    private ContainerDescription description(LaunchRequest launch) {
        return new ContainerDescription(
                launch.config().ociVersion(),
                request.id(),
                launch.bundle(),
                launch.rootfs(),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                request.callerUid(),
                launch.config().annotations(),
                hooksAfterwards(launch.config().hooks()),
                SeccompListener.of(launch.config()),
                launch.config().linux().makes(Namespace.Type.PID),
                launch.options().noNewKeyring());
    }

    private static Hooks hooksAfterwards(Hooks hooks) {
        return new Hooks(List.of(), List.of(), List.of(), List.of(), hooks.poststart(), hooks.poststop());
    }

    private void makeCgroup(Config config, LaunchPlan plan, Optional<Making.Holder> holder) throws ContainerException {
        try {
            driver = plan.driver();
            Resources resources = config.resources();
            CgroupCreation creation = driver.create(
                    plan.place(), new Making(request.id().text(), resources, config.annotations(), holder));
            cgroupCreation = Optional.of(creation);
            container = container.with(creation);
            state.write(container);
            creation.makeDelegated();
            driver.apply(creation.cgroup(), resources);
            driver.restrictDevices(creation.cgroup(), resources);
            Delegation.of(config).apply(plan.place());
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    /** Before any process is in there: what is in other directories is nobody's to kill. */
    private void recordOwn(OwnDirectories own) throws ContainerException {
        container = container.withOwn(own);
        state.write(container);
    }

    /**
     * Records the container's first process.
     *
     * @param startSteps what its instructions after "start" are about
     */
    void recordInit(long pid, SortedMap<Integer, String> startSteps, List<MovedDevice> devices)
            throws ContainerException {
        if (resctrl.isPresent()) {
            resctrl.get().join(pid);
        }
        settleCgroup();
        ProcessIdentity init = ProcessIdentity.of(pid)
                .orElseThrow(() -> new ContainerException("init ended before the container was recorded"));
        container = container.withFirst(new FirstProcess(init, startSteps, devices));
        state.write(container);
    }

    private void settleCgroup() throws ContainerException {
        try {
            driver.settle();
            cgroupCreation.orElseThrow().handDownToDelegated();
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    /** How many of its processes the kernel has killed for want of memory. */
    long oomKills() {
        try {
            return MemoryController.oomKills(container.places().cgroupAtItsPlace());
        } catch (CgroupException unknown) {
            return 0;
        }
    }

    /** Kills what was begun, and removes all but the state. */
    void takeBack(Host host) throws ContainerException {
        var signaller = new EngineSignaller();
        if (container.init().isPresent()) {
            signaller.kill(container.init().get());
        }
        new Removal(host, store).takeBack(container, signaller);
        cgroupCreation.ifPresent(CgroupCreation::undo);
    }

    /** The container's first process is in its cgroup, or there will be none. */
    @Override
    public void close() {
        cgroupCreation.ifPresent(CgroupCreation::close);
        if (state != null) {
            state.close();
        }
    }
}
