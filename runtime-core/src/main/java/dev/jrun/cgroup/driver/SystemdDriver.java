// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.systemd.PropertiesText;
import dev.jrun.cgroup.systemd.ScopeProperties;
import dev.jrun.cgroup.systemd.UnitManager;
import dev.jrun.cgroup.systemd.UnitName;
import dev.jrun.cgroup.systemd.UnitProperty;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.spec.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Has systemd make the cgroup, that of a transient scope, and delegate it. As with runc, the files are written as well:
 * there are limits that systemd does not know, and those that it knows it writes less exactly. On cgroup v1, this class
 * also handles the hierarchies that systemd does not manage.
 *
 * @see <a href="https://systemd.io/CGROUP_DELEGATION/">Control Group APIs and Delegation</a>
 */
final class SystemdDriver extends DirectoryDriver {

    /** How long a process may take to end that has got SIGKILL, or does as its parent has. */
    private static final Duration LEAVING = Duration.ofSeconds(1);

    private final UnitManager systemd;
    private final ContainerPlaces container;
    private Optional<UnitName> name = Optional.empty();
    /** What the unit that was made was started with, as far as there is something left of that to do. */
    private Optional<Resources> told = Optional.empty();

    private Cgroup made;
    private Optional<String> invocation;

    /** @param container for which it was made before; that has no unit yet if it is to be made */
    SystemdDriver(HostCgroups known, UnitManager systemd, ContainerPlaces container) {
        super(known);
        this.systemd = systemd;
        this.container = container;
        this.invocation = container.invocation();
    }

    @Override
    public Kind kind() {
        return Kind.SYSTEMD;
    }

    @Override
    public void prepare() throws CgroupException {
        systemd.connectAhead();
        super.prepare();
    }

    @Override
    public CgroupPlace place(String id, Optional<String> cgroupsPath, String callerCgroup) throws CgroupException {
        boolean root = EffectiveUser.uid() == 0;
        if (!root && hierarchies().layout() != CgroupHost.Layout.UNIFIED) {
            throw new CgroupException("the systemd cgroup driver of other users than root needs a host with cgroup v2"
                    + " alone: in cgroup v1, systemd delegates nothing to them");
        }
        UnitName unit = UnitName.of(cgroupsPath, id, root ? "system.slice" : "user.slice");
        name = Optional.of(unit);
        return hierarchies()
                .placement(callerCgroup)
                .ofItsOwn(id, Optional.of(cgroupOf(unit)))
                .of(unit.scope());
    }

    private String cgroupOf(UnitName unit) throws CgroupException {
        String top = systemd.facts().root();
        return (top.endsWith("/") ? top : top + "/") + unit.cgroup();
    }

    @Override
    public CgroupCreation create(CgroupPlace place, Making making) throws CgroupException {
        UnitName unit = name.orElseThrow();
        ScopeStart start = new ScopeStart(systemd, unit, cgroupOf(unit), place.own(), making, this::letGo);
        CgroupCreation creation = CgroupCreation.by(start, hierarchies(), place);
        invocation = creation.invocation();
        told = Optional.of(making.resources());
        return creation;
    }

    /** A unit that was started with these limits has them already. */
    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        if (told.isPresent() && told.get() == resources) {
            Resources whileHeld = ScopeProperties.whileHeld(resources);
            super.apply(cgroup, whileHeld);
            told = whileHeld == resources ? Optional.empty() : told;
            made = cgroup;
        } else {
            setProperties(cgroup, resources);
            super.apply(cgroup, resources);
        }
    }

    @Override
    public void settle() throws CgroupException {
        if (told.isPresent()) {
            Resources all = told.get();
            told = Optional.empty();
            apply(made, all);
        }
    }

    private void setProperties(Cgroup cgroup, Resources resources) throws CgroupException {
        if (invocation.isPresent()) {
            systemd.setProperties(invocation.get(), properties(cgroup).ofLimits(resources));
        }
    }

    private ScopeProperties properties(Cgroup cgroup) throws CgroupException {
        return ScopeProperties.of(systemd.facts().version(), cgroup.paths());
    }

    /**
     * systemd writes less exactly what it is told, and has done so when it answers. So the files are written once more
     * after that. They are written before as well: what they said until then is put back last.
     */
    @Override
    public void update(Cgroup cgroup, Resources resources, Optional<DeviceChange> devices, RevocableWriting writing)
            throws CgroupException {
        super.update(cgroup, resources, devices, writing);
        if (invocation.isEmpty()) {
            return;
        }
        ScopeProperties properties = properties(cgroup);
        List<UnitProperty> changed = new ArrayList<>(properties.ofLimits(withBandwidth(cgroup, resources)));
        if (cgroup.paths().isUnified() && changesIdle(resources)) {
            changed.removeIf(ScopeProperties::isOfWeight);
            changed.addAll(properties.ofWeight(weight(cgroup.paths().unified().orElseThrow())));
        }
        List<UnitProperty> former = new ArrayList<>(systemd.properties(invocation.get(), changed));
        if (devices.isPresent()) {
            changed.addAll(properties.ofDevices(devices.get().after().asRules()));
            former.addAll(properties.ofDevices(devices.get().before().asRules()));
        }
        if (!changed.isEmpty()) {
            writing.journal().noteManager(PropertiesText.of(former));
            writing.add(new ToldProperties(systemd, invocation.get(), former));
            systemd.setProperties(invocation.get(), changed);
            super.update(cgroup, resources, devices, writing);
        }
    }

    @Override
    public void tell(String properties) throws CgroupException {
        if (invocation.isPresent()) {
            systemd.setProperties(invocation.get(), PropertiesText.parse(properties));
        }
    }

    /** systemd has a share of a processor, which takes both: the one that is not changed is as the files have it. */
    private static Resources withBandwidth(Cgroup cgroup, Resources resources) throws CgroupException {
        Optional<Path> unified = cgroup.paths().unified();
        Optional<Path> legacy = cgroup.paths().legacy("cpu");
        boolean changes =
                resources.cpu().quota().isPresent() || resources.cpu().period().isPresent();
        if (!changes || legacy.isEmpty() && unified.isEmpty()) {
            return resources;
        }
        String[] words = legacy.isPresent()
                ? new String[] {
                    new CgroupFile(legacy.get(), "cpu.cfs_quota_us").read(),
                    new CgroupFile(legacy.get(), "cpu.cfs_period_us").read()
                }
                : new CgroupFile(unified.get(), "cpu.max").read().split(" ");
        long quota = words[0].equals("max") ? -1 : Long.parseLong(words[0]);
        return resources.withBandwidth(quota, Long.parseLong(words[1]));
    }

    private static boolean changesIdle(Resources resources) {
        return resources.cpu().idle().isPresent() || resources.unified().containsKey("cpu.idle");
    }

    /** What the kernel has made of it: who is idle no longer has another weight than before. */
    private static long weight(Path directory) throws CgroupException {
        return Long.parseLong(new CgroupFile(directory, "cpu.weight").read());
    }

    /** What a unit's properties were before they were changed. */
    private record ToldProperties(UnitManager systemd, String invocation, List<UnitProperty> former)
            implements RevocableWriting.Step {
        @Override
        public void undo() throws CgroupException {
            systemd.setProperties(invocation, former);
        }
    }

    /**
     * systemd lets go of a scope by itself, and kills what is in one that it is asked to stop. So it is not asked for
     * that unless the cgroup has been removed, which the kernel does to none that a process is in: whose the processes
     * are that are left there, who removes the container knows better.
     */
    @Override
    public void remove(Cgroup cgroup, Duration limit) throws CgroupException {
        if (invocation.isEmpty() || !isOfThisStart()) {
            super.remove(cgroup, limit);
        } else if (container.areKnown()) {
            remove(cgroup, invocation.get(), limit);
        } else {
            awaitEnd(invocation.get(), limit);
        }
    }

    private void remove(Cgroup cgroup, String own, Duration limit) throws CgroupException {
        boolean ended = cgroup.awaitDeserted(limit) && systemd.awaitEnd(unit(), own, Duration.ZERO, this::letGo);
        super.remove(cgroup, limit);
        if (!ended) {
            // What was removed may not be what the unit has: systemd makes it anew where somebody has removed it.
            awaitEnd(own, Duration.ZERO);
        }
    }

    private void awaitEnd(String own, Duration limit) throws CgroupException {
        if (!systemd.awaitEnd(unit(), own, limit, this::letGo)) {
            throw new CgroupException("unit " + unit() + " is kept: it has processes that may not be the container's"
                    + " (systemctl status " + unit() + ")");
        }
    }

    /**
     * Removes the cgroup of a unit from all hierarchies, unless anything is in it, or this process does not see where
     * systemd has it.
     */
    private boolean letGo(String path) throws CgroupException {
        CgroupDirectories directories =
                hierarchies().placement("").ofItsOwn("", Optional.of(path)).own();
        Optional<Path> systemds =
                directories.unified().isPresent() ? directories.unified() : directories.legacy("name=systemd");
        if (systemds.isEmpty() || !Files.isDirectory(systemds.get().getParent())) {
            return false;
        }
        new Cgroup(directories).removeIfEmpty();
        for (Path directory : directories.all()) {
            if (!Files.notExists(directory)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Also a call that was cut off, or failed in the middle of it, may have had a unit started, whose process has ended
     * with it.
     */
    @Override
    public void endUnknown() throws CgroupException {
        if (container.unit().isEmpty()) {
            return;
        }
        if (invocation.isPresent()) {
            systemd.awaitEnd(unit(), invocation.get(), LEAVING, this::letGo);
        } else {
            systemd.endUnknown(unit(), LEAVING, this::letGo);
        }
    }

    private String unit() {
        return container.unit().orElse("the container's unit");
    }

    private boolean isOfThisStart() throws CgroupException {
        return !container.own().areKnown() || container.own().areOfThisStart();
    }
}
