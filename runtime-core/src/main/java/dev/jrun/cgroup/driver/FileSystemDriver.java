// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.CgroupPlacement;
import java.util.Optional;

/** Makes and removes the directories itself, in cgroup v2, in cgroup v1, or in both: what others call cgroupfs. */
final class FileSystemDriver extends DirectoryDriver {

    FileSystemDriver(HostCgroups known) {
        super(known);
    }

    @Override
    public Kind kind() {
        return Kind.CGROUPFS;
    }

    /** Who is without privileges, and names no place, has a cgroup only where that is permitted. */
    @Override
    public CgroupPlace place(String id, Optional<String> cgroupsPath, String callerCgroup) throws CgroupException {
        boolean named = cgroupsPath.isPresent() && !cgroupsPath.get().isEmpty();
        CgroupPlacement placement = hierarchies().placement(callerCgroup);
        return !named && known.areCallersUnprivileged()
                ? placement.ifPermitted(id)
                : placement.ofItsOwn(id, cgroupsPath);
    }
}
