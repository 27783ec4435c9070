// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;
import java.util.List;

/** All controllers that limit what a container can use. */
public final class Controllers {
    private final List<Controller> all;

    private Controllers(Controller devices) {
        all = List.of(
                new CpusetController(),
                new CpuController(),
                new MemoryController(),
                new PidsController(),
                new BlkioController(),
                devices);
    }

    /** For callers who may do everything. */
    public Controllers() {
        this(new DevicesController());
    }

    /** For callers without privileges, who cannot make device files, nor restrict their use in most places. */
    public static Controllers ofUnprivileged() {
        return new Controllers(new UnprivilegedDevicesController());
    }

    /**
     * Makes a cgroup that exists have these resources. No file is touched for what they say nothing about, except that
     * every container's devices are restricted.
     *
     * @throws CgroupException if this host cannot do that; it names the field of config.json and the file. What was
     *     applied before stays
     */
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        for (Controller controller : all) {
            controller.apply(cgroup, resources);
        }
    }
}
