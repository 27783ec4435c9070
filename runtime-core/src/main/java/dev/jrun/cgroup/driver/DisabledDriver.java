// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.spec.Resources;
import java.util.Optional;

/**
 * Makes no cgroups, as the caller asked: the container stays in its caller's, whatever {@code linux.cgroupsPath} says.
 * Limits are refused, because nothing would enforce them. Device rules are not: a caller that asks for this gives them
 * up, as with crun.
 */
final class DisabledDriver extends DirectoryDriver {

    DisabledDriver(HostCgroups known) {
        super(known);
    }

    @Override
    public Kind kind() {
        return Kind.DISABLED;
    }

    @Override
    public CgroupPlace place(String id, Optional<String> cgroupsPath, String callerCgroup) throws CgroupException {
        return hierarchies().placement(callerCgroup).ofCaller();
    }

    @Override
    public void restrictDevices(Cgroup cgroup, Resources resources) {}

    @Override
    public Optional<CgroupEntry> entryBeside(Cgroup cgroup, String membership) {
        return Optional.empty();
    }
}
