// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.driver.MemoryAndSwap;
import dev.jrun.cgroup.writing.Journal;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.container.launch.ContainerResctrl;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.limits.UpdatedLimits;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.state.UpdateJournal;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Linux.IntelRdt;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.Memory;
import dev.jrun.spec.reading.AskedLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Changes a container's limits, all of them or none. Nobody else changes the container meanwhile. */
final class ContainerUpdate {

    private static final String LIMIT = "/linux/resources/memory/limit";

    private final Host host;
    private final StateStore store;
    private final UpdateCall call;
    private final ContainerRecord container;
    private final Cgroup cgroup;
    private final FormerLimits former;
    private final Resources resources;
    private final int firstRule;

    /**
     * @param cgroup the container's own
     * @param asked what the caller wants
     */
    ContainerUpdate(
            Host host, StateStore store, UpdateCall call, ContainerRecord container, Cgroup cgroup, AskedLimits asked) {
        this.host = host;
        this.store = store;
        this.call = call;
        this.container = container;
        this.cgroup = cgroup;
        this.former = new FormerLimits(host, store, container);
        this.firstRule = asked.firstRule();
        this.resources =
                call.asked().meant(asked.resources(), container.description().ociVersion());
    }

    /** @throws CgroupException if not all of it can be done; it says what stays, if anything does */
    void execute() throws CgroupException, ContainerException, SessionBrokenException {
        Resources complete = withSum();
        Optional<DeviceChange> devices = resources.devices().isEmpty()
                ? Optional.empty()
                : Optional.of(DeviceChange.of(former.devices(), resources.devices(), firstRule));
        Optional<IntelRdt> schemata = schemata();
        UpdatedLimits updated = updated(devices);
        if (updated.equals(container.updated())) {
            change(complete, devices, schemata, () -> {});
            return;
        }
        try (var _ = host.memory().toReadState(store.length(container.id()))) {
            ContainerRecord whole = store.findWhole(container.id())
                    .orElseThrow(() -> new ContainerException("the state of container " + container.id() + " is gone"))
                    .withUpdated(updated);
            change(complete, devices, schemata, () -> store.write(whole));
        }
    }

    /** What is done last. */
    private interface Recording {
        void record() throws ContainerException;
    }

    private void change(
            Resources complete, Optional<DeviceChange> devices, Optional<IntelRdt> schemata, Recording recording)
            throws CgroupException, ContainerException {
        try (UpdateJournal journal = store.update(container.id()).begin(container.updated())) {
            var writing = new RevocableWriting(new KeptJournal(journal));
            try {
                if (schemata.isPresent()) {
                    ContainerResctrl.update(schemata.get(), container, writing);
                }
                host.cgroups().of(container.places()).update(cgroup, complete, devices, writing);
                recording.record();
                journal.end();
            } catch (CgroupException e) {
                CgroupException failure = writing.takeBack(e);
                journal.end();
                throw failure;
            } catch (ContainerException e) {
                ContainerException failure = and(e, writing.takeBack());
                journal.end();
                throw failure;
            } catch (RuntimeException | Error e) {
                writing.takeBack().ifPresent(problems -> e.addSuppressed(new CgroupException(problems)));
                journal.end();
                throw e;
            }
            writing.keep();
        }
    }

    /** A journal of cgroups that is kept beside the container's state. */
    private record KeptJournal(UpdateJournal kept) implements Journal {
        @Override
        public void note(Path file, String value) throws CgroupException {
            try {
                kept.note(file.toString(), value);
            } catch (ContainerException e) {
                throw new CgroupException(e.getMessage(), e);
            }
        }

        @Override
        public void noteDevices() throws CgroupException {
            try {
                kept.noteDevices();
            } catch (ContainerException e) {
                throw new CgroupException(e.getMessage(), e);
            }
        }

        @Override
        public void noteManager(String properties) throws CgroupException {
            try {
                kept.noteManager(properties);
            } catch (ContainerException e) {
                throw new CgroupException(e.getMessage(), e);
            }
        }
    }

    private static ContainerException and(ContainerException failure, Optional<String> problems) {
        return problems.isPresent()
                ? new ContainerException(failure.getMessage() + "; " + problems.get(), failure)
                : failure;
    }

    /** Who says nothing of swap leaves the limit of both together as it is, which only cgroup v1 does by itself. */
    private Resources withSum() throws CgroupException, ContainerException, SessionBrokenException {
        Memory memory = resources.memory();
        if (memory.swap().isPresent() || memory.limit().orElse(-1) < 0) {
            return resources;
        }
        var limits = new MemoryAndSwap(cgroup);
        OptionalLong sum =
                limits.areOfTheirSum() || former.memoryAndSwap().orElse(-1) >= 0 ? limits.sum() : OptionalLong.empty();
        if (sum.isEmpty()) {
            return resources;
        }
        if (memory.limit().getAsLong() > sum.getAsLong()) {
            throw CgroupException.ofField(
                    LIMIT,
                    "found %d; allowed: at most %d, the limit of memory and swap together, or to change both"
                            .formatted(memory.limit().getAsLong(), sum.getAsLong()));
        }
        return limits.areOfTheirSum() ? resources : resources.withMemoryAndSwap(sum.getAsLong());
    }

    private UpdatedLimits updated(Optional<DeviceChange> devices) {
        UpdatedLimits updated = container.updated().and(resources);
        return devices.isPresent() && !devices.get().changesNothingKnown()
                ? updated.and(devices.get().after().asRules())
                : updated;
    }

    private Optional<IntelRdt> schemata() throws ContainerException, SessionBrokenException {
        if (!call.isAboutIntelRdt()) {
            return Optional.empty();
        }
        IntelRdt had = former.intelRdt()
                .orElseThrow(() -> new ContainerException("container " + container.id()
                        + " was made without linux.intelRdt, so it has no class of service of its own to change"));
        return Optional.of(new IntelRdt(
                had.closID(), List.of(), call.l3CacheSchema(), call.memBwSchema(), had.enableMonitoring()));
    }
}
