// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;

/**
 * A container's part of what disks can do: {@code weight} of {@code linux.resources.blockIO}. Its controller is
 * {@code blkio} on cgroup v1 and {@code io} on cgroup v2.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">blkio on cgroup v1</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#io">io on cgroup v2</a>
 * @see <a href="https://docs.kernel.org/block/bfq-iosched.html">BFQ</a>
 */
public final class BlkioController implements Controller {
    private static final String WEIGHT = "/linux/resources/blockIO/weight";
    private static final String RULE = "the kernel takes weights from 10 to 1000";

    @Override
    public String name() {
        return "blkio";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        if (resources.blockIO().weight().isEmpty()) {
            return;
        }
        int weight = resources.blockIO().weight().getAsInt();
        ControllerFiles files = ControllerFiles.of(cgroup, name(), "io");
        if (files.areLegacy()) {
            // The second is CFQ's, which Linux had before 5.0.
            String name = files.have("blkio.bfq.weight") ? "blkio.bfq.weight" : "blkio.weight";
            files.write(name, Integer.toString(weight), WEIGHT, RULE);
        } else if (files.have("io.bfq.weight")) {
            files.write("io.bfq.weight", Integer.toString(weight), WEIGHT, RULE);
        } else {
            files.write("io.weight", Integer.toString(costWeight(weight)), WEIGHT, RULE);
        }
    }

    /**
     * The {@code io.weight} of the cost model (blk-iocost), 1 to 10000, for a weight of 10 to 1000, as runc and crun
     * convert it.
     */
    static int costWeight(int weight) {
        return Math.max(1, 1 + (weight - 10) * 9999 / 990);
    }
}
