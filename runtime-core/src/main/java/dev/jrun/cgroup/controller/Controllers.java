// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;
import java.util.List;

/** All controllers that limit what a container can use. */
public final class Controllers {
    private final CpusetController cpuset = new CpusetController();
    private final CpuController cpu = new CpuController();
    private final MemoryController memory = new MemoryController();
    private final PidsController pids = new PidsController();
    private final BlkioController blkio = new BlkioController();
    private final HugetlbController hugetlb = new HugetlbController();
    private final List<Controller> limits = List.of(
            cpuset,
            cpu,
            memory,
            pids,
            blkio,
            hugetlb,
            new NetworkClassController(),
            new NetworkPriorityController(),
            new RdmaController(),
            new UnifiedFiles());

    private final Controller devices;

    private Controllers(Controller devices) {
        this.devices = devices;
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
     * Makes a cgroup that exists have these resources, but for the devices. No file is touched for what they say
     * nothing about.
     *
     * @throws CgroupException if this host cannot do that; it names the field of config.json and the file. What was
     *     applied before stays
     */
    public void apply(Cgroup cgroup, Resources resources) throws CgroupException {
        for (Controller controller : limits) {
            controller.apply(cgroup, resources);
        }
    }

    /**
     * Restricts its devices, if these resources say so or not.
     *
     * @throws CgroupException likewise
     */
    public void restrictDevices(Cgroup cgroup, Resources resources) throws CgroupException {
        devices.apply(cgroup, resources);
    }

    /**
     * What is used in a cgroup, and was.
     *
     * @throws CgroupException if it cannot be found out
     */
    public Statistics report(Cgroup cgroup) throws CgroupException {
        return new Statistics(
                cpu.report(cgroup),
                cpuset.report(cgroup),
                memory.report(cgroup),
                pids.report(cgroup),
                blkio.report(cgroup),
                hugetlb.report(cgroup),
                Pressures.in(cgroup));
    }
}
