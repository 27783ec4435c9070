// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.kernel.Machine;

/** What operations know of the machine, and share while an engine lives. */
public final class Host {

    private final Machine machine = Machine.host();
    private final ContainerLocks locks = new ContainerLocks();

    /** The architecture. */
    Machine machine() {
        return machine;
    }

    /** Orders the operations of all callers. */
    ContainerLocks locks() {
        return locks;
    }

    /** The cgroup hierarchies, which can be mounted and unmounted while an engine lives. */
    CgroupHost cgroups() throws CgroupException {
        return CgroupHost.ofThisProcess();
    }
}
