// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupPaths;
import dev.jrun.cgroup.Resctrl;
import dev.jrun.cgroup.Signaller;
import java.io.IOException;
import java.time.Duration;

/** Takes away everything that is left of a container whose init has ended. Its mounts and namespaces ended with it. */
final class Removal {

    /** How long processes may take to end after SIGKILL. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final StateStore store;

    Removal(StateStore store) {
        this.store = store;
    }

    /**
     * Kills what is still in the container's cgroup, removes the cgroup and, when nothing else is left, the state.
     *
     * @param signaller who kills, where the kernel cannot kill a whole cgroup
     * @throws ContainerException if something stays; the state is kept then, so that it can be tried again
     */
    void remove(ContainerRecord container, Signaller signaller) throws ContainerException {
        try {
            if (!isRemoved(new Cgroup(container.cgroup()))) {
                CgroupPaths left = container.cgroup().existing();
                if (!left.all().isEmpty()) {
                    Cgroup cgroup = new Cgroup(left);
                    cgroup.killAll(signaller, LIMIT);
                    cgroup.remove(LIMIT);
                }
            }
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot remove the cgroup of container " + container.id() + ": " + e.getMessage(), e);
        }
        try {
            Resctrl.remove(container.resctrl());
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot remove the resctrl groups of container " + container.id() + ": " + Failures.describe(e), e);
        }
        store.remove(container.id());
    }

    /** Most cgroups are empty by now, and the kernel says faster than its files whether one is: it lets go of it. */
    private static boolean isRemoved(Cgroup cgroup) {
        try {
            cgroup.remove(Duration.ZERO);
            return true;
        } catch (IOException occupied) {
            return false;
        }
    }
}
