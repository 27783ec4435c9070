// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.Delegation;
import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.check.CheckedConfig;
import dev.jrun.container.check.ConfigCheck;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.Machine;
import dev.jrun.launch.Announcement;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.notify.NotifySocket;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.terminal.Console;
import dev.jrun.program.ProgramTooLargeException;
import dev.jrun.spec.Process;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides where a container belongs on this host, and what its launch does. It makes nothing. */
public final class LaunchPlan {

    private final CgroupDriver driver;
    private final StateStore store;
    private final CreateRequest request;
    private final CheckedConfig checked;
    private final Announcement announcement;
    private final CgroupPlace place;
    private final CallerRights rights;

    /** @throws ContainerException if there is no place for its cgroup */
    public LaunchPlan(LaunchContext site, StateStore store, CreateRequest request, ConfigCheck.Checked checked)
            throws ContainerException {
        this.store = store;
        this.request = request;
        this.checked = checked.config();
        this.announcement = request.warnings().onSuccess(checked.warnings());
        this.driver = site.driver();
        this.rights = site.rights();
        try {
            this.place = driver.place(
                            request.id().text(), this.checked.config().linux().cgroupsPath(), site.callersCgroup())
                    .delegating(Delegation.path(this.checked.config().annotations()));
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    /** Who makes the container's cgroup. */
    CgroupDriver driver() {
        return driver;
    }

    /** Where the container belongs. */
    public CgroupPlace place() {
        return place;
    }

    /**
     * What the launch is to do.
     *
     * @param addresses of the network devices that are moved into the container, by their names on the host
     * @throws ContainerException if nobody would get the process's terminal, or somebody one that it has not
     */
    public LaunchRequest launch(Path bundle, Ending ending, Map<String, List<DeviceAddress>> addresses)
            throws ContainerException {
        LaunchRequest.Options options = options();
        return new LaunchRequest(
                request.id().text(),
                options.serviceManager().isPresent()
                        ? NotifySocket.mountedIn(checked.config(), ending.stateDirectory())
                        : checked.config(),
                bundle,
                place,
                options,
                ending,
                checked.seccomp(),
                request.caller().environment(),
                rescue(),
                addresses,
                rights,
                console(ending),
                announcement);
    }

    /** A configuration that says where the container's messages go has them go there: Podman's does. */
    private LaunchRequest.Options options() {
        LaunchRequest.Options options = request.options();
        return options.serviceManager().isPresent() && namesNotifySocket() ? options.withoutServiceManager() : options;
    }

    private boolean namesNotifySocket() {
        for (String entry : checked.config().process().orElseThrow().env()) {
            if (entry.startsWith(ServiceManager.VARIABLE + "=")) {
                return true;
            }
        }
        return false;
    }

    private Optional<Console> console(Ending ending) throws ContainerException {
        Process process = checked.config().process().orElseThrow();
        Optional<Path> socket = request.options().consoleSocket();
        return ending instanceof Ending.Supervised
                ? ConsoleChoice.attached(process, socket, request.caller().terminals())
                : ConsoleChoice.detached(process, socket);
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
            throw new ContainerException("config.json: it needs a launch program of " + e.getMessage(), e);
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
