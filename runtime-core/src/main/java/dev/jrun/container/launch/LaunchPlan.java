// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.container.state.ContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.Machine;
import dev.jrun.launch.CreateProgram;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.program.ProgramTooLargeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides where a container belongs on this host, and what its launch is to do. Nothing is made. */
public final class LaunchPlan {

    private final CgroupHost cgroupHost;
    private final StateStore store;
    private final CreateRequest request;
    private final CheckedConfig checked;
    private final CgroupPlace place;
    private final CallerRights rights;

    /** @throws ContainerException if there is no place for its cgroup */
    public LaunchPlan(LaunchContext site, StateStore store, CreateRequest request, CheckedConfig checked)
            throws ContainerException {
        this.store = store;
        this.request = request;
        this.checked = checked;
        this.cgroupHost = site.cgroups();
        this.rights = site.rights();
        try {
            this.place = place(site);
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    private CgroupPlace place(LaunchContext site) throws CgroupException {
        String id = request.id().text();
        Optional<String> path = checked.config().linux().cgroupsPath();
        boolean named = path.isPresent() && !path.get().isEmpty();
        return site.unprivileged() && !named
                ? cgroupHost.placeIfPermitted(id, site.callersCgroup())
                : new CgroupPlace(
                        cgroupHost.place(id, path, site.callersCgroup()),
                        CgroupDirectories.NONE,
                        cgroupHost.unifiedMountPoint());
    }

    /** The host's hierarchies. */
    CgroupHost cgroupHost() {
        return cgroupHost;
    }

    /** Where the container's cgroup belongs. */
    public CgroupDirectories cgroup() {
        return place.own();
    }

    /** Where the container belongs. */
    public CgroupPlace place() {
        return place;
    }

    /**
     * What the launch is to do.
     *
     * @param addresses of the network devices that are moved into the container, by their names on the host
     */
    public LaunchRequest launch(Path bundle, Ending ending, Map<String, List<DeviceAddress>> addresses) {
        return new LaunchRequest(
                request.id().text(),
                checked.config(),
                bundle,
                place,
                request.options(),
                ending,
                checked.seccomp(),
                request.caller().environment(),
                rescue(),
                addresses,
                rights);
    }

    /**
     * The program that does it.
     *
     * @throws ContainerException if it would be larger than a shim takes
     */
    public static CreateProgram compile(LaunchRequest launch, Machine machine, KernelCalls kernel)
            throws ContainerException {
        try {
            return new CreateProgram(launch, machine, kernel);
        } catch (ProgramTooLargeException e) {
            throw new ContainerException("config.json: it leads to a launch program of " + e.getMessage(), e);
        }
    }

    private List<String> rescue() {
        return List.of(
                request.caller().home() + "/bin/jrun",
                "--root",
                store.root().toString(),
                "delete",
                "--force",
                "--made-by",
                Long.toString(request.callerPid()),
                request.id().text());
    }
}
