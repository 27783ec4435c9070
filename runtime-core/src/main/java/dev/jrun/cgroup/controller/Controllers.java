// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.cgroup.writing.WritingForGood;
import dev.jrun.spec.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All controllers that limit what a container can use. */
public final class Controllers {
    private final CpusetController cpuset = new CpusetController();
    private final CpuController cpu = new CpuController();
    private final MemoryController memory = new MemoryController();
    private final PidsController pids = new PidsController();
    private final BlkioController blkio = new BlkioController();
    private final HugetlbController hugetlb = new HugetlbController();
    /**
     * A lower limit of memory may cost processes their lives, which nobody can take back. So that comes when little is
     * left that can fail. What is written to files by their names comes after what controllers write to the same ones.
     */
    private final List<LimitController> limits = List.of(
            cpuset,
            cpu,
            pids,
            blkio,
            hugetlb,
            new NetworkClassController(),
            new NetworkPriorityController(),
            new RdmaController(),
            UnifiedFiles.butThoseOfMemory(),
            memory,
            UnifiedFiles.ofMemory());

    private final DeviceRulesController devices;

    private Controllers(DeviceRulesController devices) {
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
        apply(cgroup, resources, WritingForGood.INSTANCE);
    }

    private void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        for (LimitController controller : limits) {
            controller.apply(cgroup, resources, writing);
        }
    }

    /**
     * Changes what a cgroup in use has, in a way that can be taken back.
     *
     * @param devices how its device rules change, if they do
     * @param writing by which it can be taken back, whether all of it or a part was done
     * @throws CgroupException if this host cannot do that; it names the field of the resources and the file
     */
    public void update(Cgroup cgroup, Resources resources, Optional<DeviceChange> devices, RevocableWriting writing)
            throws CgroupException {
        apply(cgroup, resources, writing);
        // A device that is open stays open, so nothing else is to fail when it is let in.
        if (devices.isPresent()) {
            this.devices.update(cgroup, devices.get(), writing);
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
                PressureFiles.in(cgroup));
    }

    /**
     * Likewise, without those of whom nothing is shown to people who look again and again: cpuset and huge pages.
     *
     * @throws CgroupException if it cannot be found out
     */
    public Statistics reportShown(Cgroup cgroup) throws CgroupException {
        return new Statistics(
                cpu.report(cgroup),
                Optional.empty(),
                memory.report(cgroup),
                pids.report(cgroup),
                blkio.report(cgroup),
                Map.of(),
                PressureFiles.in(cgroup));
    }
}
