// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.controller.Statistics;
import dev.jrun.spec.Resources;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes none, since the caller says so: the container stays in its caller's cgroups, wherever {@code linux.cgroupsPath} would have it. Limits are
 * refused, as nobody would keep them. Device rules are not: who asks for this gives them up, as with crun.
 */
final class DisabledDriver implements CgroupDriver {

    private final HostCgroups known;
    /** For the call that this driver is for, they stay what they were at first sight. */
    private CgroupHost hierarchies;

    DisabledDriver(HostCgroups known) {
        this.known = known;
    }

    @Override
    public Kind kind() {
        return Kind.DISABLED;
    }

    @Override
    public void prepare() throws CgroupException {
        hierarchies();
    }

    private CgroupHost hierarchies() throws CgroupException {
        CgroupHost seen = hierarchies;
        if (seen == null) {
            seen = known.hierarchies();
            hierarchies = seen;
        }
        return seen;
    }

    @Override
    public CgroupPlace place(String id, Optional<String> cgroupsPath, String callerCgroup) throws CgroupException {
        return hierarchies().placeOfCaller(callerCgroup);
    }

    @Override
    public CgroupCreation create(CgroupPlace place) throws CgroupException {
        return CgroupCreation.of(hierarchies(), place);
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        known.controllers().apply(cgroup, resources);
    }

    @Override
    public void restrictDevices(Cgroup cgroup, Resources resources) {}

    @Override
    public Statistics report(Cgroup cgroup) throws CgroupException {
        return known.controllers().report(cgroup);
    }

    @Override
    public Optional<CgroupEntry> entryBeside(Cgroup cgroup, String membership) {
        return Optional.empty();
    }

    @Override
    public void remove(Cgroup cgroup, Duration limit) throws CgroupException {
        cgroup.remove(limit);
    }
}
