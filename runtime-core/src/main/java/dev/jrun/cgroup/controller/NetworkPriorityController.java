// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.FormerValue;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.InterfacePriority;
import java.util.List;

/**
 * The priority of a container's traffic by interface of the host: {@code linux.resources.network.priorities}. Cgroup v2
 * has no such controller.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/net_prio.html">net_prio on cgroup v1</a>
 */
public final class NetworkPriorityController implements LimitController {

    @Override
    public String name() {
        return "net_prio";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        List<InterfacePriority> priorities = resources.network().priorities();
        for (int i = 0; i < priorities.size(); i++) {
            InterfacePriority priority = priorities.get(i);
            ControllerFiles.of(cgroup, name(), writing)
                    .write(
                            "net_prio.ifpriomap",
                            FormerValue.line(priority.name(), priority.name() + " 0"),
                            priority.name() + " " + priority.priority(),
                            "/linux/resources/network/priorities/" + i,
                            "the kernel takes names of interfaces of the host");
        }
    }
}
