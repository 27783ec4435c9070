// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.exec;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.launch.exec.ExecProtocol;
import dev.jrun.program.Patch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * In which cgroups of a container a process is executed.
 *
 * @param cgroups those below the container's that the call names
 */
record ExecPlace(Host host, ContainerRecord container, SubCgroups cgroups) {

    /**
     * How the process comes where it belongs.
     *
     * @throws ContainerException if it is not known which cgroups are the container's
     */
    CgroupEntry entry() throws ContainerException {
        ContainerPlaces places = container.places();
        CgroupEntry own = places.entry();
        for (Path directory : own.own()) {
            if (places.own().inode(directory) == 0) {
                throw new ContainerException(
                        "cannot determine whether " + directory + " is the cgroup of container " + container.id());
            }
        }
        try {
            return cgroups.in(own);
        } catch (CgroupException e) {
            throw new ContainerException("--cgroup: " + e.getMessage(), e);
        }
    }

    /**
     * Likewise, where that cgroup takes no processes: it has given its controllers to cgroups below, in one of which
     * its init is. Or it was delegated to the container, which has removed it.
     */
    CgroupEntry entryBesideInit() throws ContainerException {
        if (!cgroups.paths().isEmpty()) {
            throw new ContainerException(
                    "--cgroup: that cgroup enables controllers for cgroups below it, so no process can be in it");
        }
        try {
            String membership = KernelFile.read(
                    Path.of("/proc/" + container.init().orElseThrow().pid() + "/cgroup"));
            return host.cgroups()
                    .of(container.places())
                    .entryBeside(container.places().cgroupAtItsPlace(), membership)
                    .orElseThrow(() -> new ContainerException("the container's init has left the container's cgroup"));
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        } catch (IOException e) {
            throw new ContainerException("cannot read the cgroup of the container's init: " + Failures.describe(e), e);
        }
    }

    /** Whether it belongs into a cgroup below the container's that the container is free to remove. */
    boolean isInDelegated() {
        return container.places().delegated().isPresent() && cgroups.paths().isEmpty();
    }

    /** Which directories the container's cgroups are. */
    List<Patch> identity(ExecProtocol protocol) {
        return protocol.cgroups().patches(container.places().own());
    }
}
