// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.spec.Resources;
import java.time.Duration;
import java.util.Optional;

/** What drivers share that use the directories of cgroups themselves. */
abstract sealed class DirectoryDriver implements CgroupDriver permits FileSystemDriver, DisabledDriver, SystemdDriver {

    final HostCgroups known;
    /** For the call that this driver is for, they stay what they were at first sight. */
    private CgroupHost hierarchies;

    DirectoryDriver(HostCgroups known) {
        this.known = known;
    }

    @Override
    public void prepare() throws CgroupException {
        hierarchies();
    }

    final CgroupHost hierarchies() throws CgroupException {
        CgroupHost seen = hierarchies;
        if (seen == null) {
            seen = known.hierarchies();
            hierarchies = seen;
        }
        return seen;
    }

    @Override
    public CgroupCreation create(CgroupPlace place, Making making) throws CgroupException {
        return CgroupCreation.of(hierarchies(), place);
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        known.controllers().apply(cgroup, resources);
    }

    @Override
    public void restrictDevices(Cgroup cgroup, Resources resources) throws CgroupException {
        known.controllers().restrictDevices(cgroup, resources);
    }

    @Override
    public Optional<CgroupEntry> entryBeside(Cgroup cgroup, String membership) throws CgroupException {
        return hierarchies().entryBeside(cgroup, membership);
    }

    @Override
    public void update(Cgroup cgroup, Resources resources, Optional<DeviceChange> devices, RevocableWriting writing)
            throws CgroupException {
        known.controllers().update(cgroup, resources, devices, writing);
    }

    @Override
    public final Statistics report(Cgroup cgroup) throws CgroupException {
        return known.controllers().report(cgroup);
    }

    @Override
    public final Statistics reportShown(Cgroup cgroup) throws CgroupException {
        return known.controllers().reportShown(cgroup);
    }

    @Override
    public void remove(Cgroup cgroup, Duration limit) throws CgroupException {
        cgroup.remove(limit);
    }
}
