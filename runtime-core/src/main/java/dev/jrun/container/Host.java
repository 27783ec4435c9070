// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.DevicesController;
import dev.jrun.kernel.Machine;

/** What operations know of the machine, and share while an engine lives. */
public final class Host {

    private final Machine machine = Machine.host();
    private final ContainerLocks locks = new ContainerLocks();
    private final DevicesController devices = new DevicesController();
    private volatile CgroupSight cgroups;

    /** The architecture. */
    Machine machine() {
        return machine;
    }

    /** Restricts the devices of all containers. */
    DevicesController devices() {
        return devices;
    }

    /** Orders the operations of all callers. */
    ContainerLocks locks() {
        return locks;
    }

    /** The cgroup hierarchies. They can be mounted and unmounted while an engine lives, so the files are always read. */
    CgroupHost cgroups() throws CgroupException {
        CgroupHost.Description now = CgroupHost.Description.read();
        CgroupSight last = cgroups;
        if (last == null || !last.description().equals(now)) {
            last = new CgroupSight(now, CgroupHost.detect(now));
            cgroups = last;
        }
        return last.host();
    }

    /** What the files said, and what that means. */
    private record CgroupSight(CgroupHost.Description description, CgroupHost host) {}
}
