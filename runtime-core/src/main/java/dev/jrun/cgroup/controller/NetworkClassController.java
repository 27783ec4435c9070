// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;

/**
 * The class by which tc(8) and packet filters know a container's traffic: {@code linux.resources.network.classID}.
 * Cgroup v2 has no such controller.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/net_cls.html">net_cls on cgroup v1</a>
 */
public final class NetworkClassController implements LimitController {

    @Override
    public String name() {
        return "net_cls";
    }

    /** 0 is what a cgroup begins with. */
    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        long classId = resources.network().classID().orElse(0);
        if (classId != 0) {
            ControllerFiles.of(cgroup, name(), writing)
                    .write("net_cls.classid", Long.toString(classId), "/linux/resources/network/classID");
        }
    }
}
