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

/** Makes and removes the directories itself, in cgroup v2, in cgroup v1, or in both: what others call cgroupfs. */
final class FileSystemDriver implements CgroupDriver {

    private final HostCgroups known;
    /** For the call that this driver is for, they stay what they were at first sight. */
    private CgroupHost hierarchies;

    FileSystemDriver(HostCgroups known) {
        this.known = known;
    }

    @Override
    public Kind kind() {
        return Kind.CGROUPFS;
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

    /** Who is without privileges, and names no place, has a cgroup only where that is permitted. */
    @Override
    public CgroupPlace place(String id, Optional<String> cgroupsPath, String callerCgroup) throws CgroupException {
        boolean named = cgroupsPath.isPresent() && !cgroupsPath.get().isEmpty();
        return !named && known.areCallersUnprivileged()
                ? hierarchies().placeIfPermitted(id, callerCgroup)
                : hierarchies().placeOfItsOwn(id, cgroupsPath, callerCgroup);
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
    public void restrictDevices(Cgroup cgroup, Resources resources) throws CgroupException {
        known.controllers().restrictDevices(cgroup, resources);
    }

    @Override
    public Statistics report(Cgroup cgroup) throws CgroupException {
        return known.controllers().report(cgroup);
    }

    @Override
    public Optional<CgroupEntry> entryBeside(Cgroup cgroup, String membership) throws CgroupException {
        return hierarchies().entryBeside(cgroup, membership);
    }

    @Override
    public void remove(Cgroup cgroup, Duration limit) throws CgroupException {
        cgroup.remove(limit);
    }
}
