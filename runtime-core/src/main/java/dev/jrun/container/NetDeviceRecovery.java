// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.conversation.Conversation;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.FirstProcess;
import dev.jrun.container.state.KeptNetwork;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.netdev.MovedDevice;
import dev.jrun.launch.netdev.NetDeviceReturn;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.nio.file.Path;
import java.util.List;

/**
 * Moves the host's network devices from a container back to the caller's network namespace, before the container is
 * removed.
 */
final class NetDeviceRecovery {

    private final Session session;
    private final ContainerRecord container;
    private final List<MovedDevice> devices;
    private final KeptNetwork network;

    NetDeviceRecovery(Session session, StateStore store, ContainerRecord container) {
        this.session = session;
        this.container = container;
        this.devices = container.first().map(FirstProcess::netDevices).orElse(List.of());
        this.network = store.network(container.id());
    }

    /**
     * Before init is killed: where the network namespace is not kept in this mount namespace, it is reached by init
     * alone.
     *
     * @throws ContainerException if they may be in there still
     */
    void beforeKill() throws ContainerException, SessionBrokenException {
        if (devices.isEmpty() || network.place() == KeptNetwork.Place.HERE) {
            return;
        }
        ProcessIdentity init = container.init().orElseThrow();
        if (!init.mayBeSignalled()) {
            return;
        }
        run(NetDeviceReturn.fromInit(init.pid(), devices), Path.of("/proc/" + init.pid() + "/ns/net"));
        if (!init.isAlive()) {
            throw new ContainerException("cannot find out whether the network devices of container " + container.id()
                    + " were returned: its init ended meanwhile");
        }
        network.letGo();
    }

    /**
     * When init has ended.
     *
     * @throws ContainerException if they may be in there still
     */
    void afterEnd() throws ContainerException, SessionBrokenException {
        if (devices.isEmpty()) {
            return;
        }
        switch (network.place()) {
            case NOWHERE -> {}
            case ELSEWHERE -> {
                if (!container.isOfEarlierStart()) {
                    throw network.isElsewhere();
                }
            }
            case HERE -> {
                run(NetDeviceReturn.fromPin(network.directory(), devices), network.file());
                network.letGo();
            }
        }
    }

    /** @param namespace in which they are */
    private void run(Program program, Path namespace) throws ContainerException, SessionBrokenException {
        try {
            Conversation.complete(session, program);
        } catch (ContainerException e) {
            throw new ContainerException(
                    e.getMessage() + "; so container " + container.id()
                            + " is kept: delete it again once that is possible, or once you have moved the device"
                            + " with nsenter --net="
                            + namespace + " ip link set DEVICE netns 1",
                    e);
        }
    }
}
