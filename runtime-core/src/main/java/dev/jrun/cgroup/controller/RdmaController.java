// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.FormerValue;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.Rdma;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a container may use of devices for remote direct memory access: {@code linux.resources.rdma}. The same on cgroup
 * v1 and v2.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#rdma">RDMA on cgroup v2</a>
 */
public final class RdmaController implements LimitController {

    @Override
    public String name() {
        return "rdma";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        for (Map.Entry<String, Rdma> device : resources.rdma().entrySet()) {
            String limits = limit("hca_handle", device.getValue().hcaHandles())
                    + limit("hca_object", device.getValue().hcaObjects());
            ControllerFiles.of(cgroup, name(), writing)
                    .write(
                            "rdma.max",
                            FormerValue.line(device.getKey(), device.getKey() + " hca_handle=max hca_object=max"),
                            device.getKey() + limits,
                            "/linux/resources/rdma/" + device.getKey(),
                            "the kernel takes names of RDMA devices of the host");
        }
    }

    private static String limit(String resource, OptionalLong limit) {
        return limit.isEmpty() ? "" : " " + resource + "=" + limit.getAsLong();
    }
}
