// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupProcesses;
import dev.jrun.cgroup.Signaller;
import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.KeptNetwork;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.call.Failures;
import java.io.IOException;
import java.time.Duration;

/**
 * Removes everything that is left of a container whose init has ended. Its mounts and namespaces ended with it. Of the
 * directories in its record, only those that are its own are touched.
 */
public final class Removal {

    /** How long processes may take to end after SIGKILL. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /**
     * How long an ended container may take to leave its cgroup. What is in there afterwards was put there by somebody
     * else.
     */
    private static final Duration LEAVING_LIMIT = Duration.ofSeconds(1);

    private final Host host;
    private final StateStore store;

    public Removal(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * Removes a container's cgroup and, when nothing else is left, the state. What is still in the cgroup is killed if
     * it can be the container's: not if it had a pid namespace of its own, which has ended with init.
     *
     * @param signaller who kills, where the kernel cannot kill a whole cgroup
     * @throws ContainerException if something stays; the state is kept then, so that it can be tried again
     */
    public void remove(ContainerRecord container, Signaller signaller) throws ContainerException {
        if (container.init().isEmpty()) {
            removeUnfinished(container, signaller);
            return;
        }
        removeAllButState(container, signaller);
        removeState(container);
    }

    private void removeState(ContainerRecord container) throws ContainerException {
        KeptNetwork network = store.network(container.id());
        if (container.isOfEarlierStart() && network.place() == KeptNetwork.Place.ELSEWHERE) {
            network.letGo();
        }
        store.remove(container.id());
        host.known().forget(store.directory(container.id()));
    }

    /** As far as it goes where the directory of states has gone, or cannot be written to any more. */
    public void removeAllButState(ContainerRecord container, Signaller signaller) throws ContainerException {
        try {
            if (container.places().areKnown()) {
                removeCgroup(container, container.places().ownCgroup(), signaller);
            } else {
                driver(container).endUnknown();
                container.places().removeUnknownOfEnded();
            }
        } catch (IOException e) {
            throw cgroupStays(container, e);
        }
        removeResctrl(container);
    }

    /** What a call has left that was cut off. */
    private void removeUnfinished(ContainerRecord container, Signaller signaller) throws ContainerException {
        try {
            if (!container.places().areKnown()) {
                driver(container).endUnknown();
                container.places().removeUnknown();
            }
        } catch (IOException e) {
            throw cgroupStays(container, e);
        }
        takeBackKnown(container, signaller);
        removeState(container);
    }

    /**
     * Removes likewise all but the state of a container that has come to nothing. A cgroup that was there before it
     * stays.
     */
    void takeBack(ContainerRecord container, Signaller signaller) throws ContainerException {
        try {
            if (!container.places().areKnown()) {
                driver(container).endUnknown();
            }
        } catch (IOException e) {
            throw cgroupStays(container, e);
        }
        takeBackKnown(container, signaller);
    }

    private void takeBackKnown(ContainerRecord container, Signaller signaller) throws ContainerException {
        try {
            Cgroup cgroup = container.places().ownCgroup();
            kill(container, cgroup, signaller);
            driver(container).remove(cgroup, limit(container));
        } catch (IOException e) {
            throw cgroupStays(container, e);
        }
        removeResctrl(container);
    }

    private void removeCgroup(ContainerRecord container, Cgroup cgroup, Signaller signaller) throws IOException {
        CgroupDriver driver = driver(container);
        if (!isRemoved(driver, cgroup)) {
            kill(container, cgroup, signaller);
            driver.remove(cgroup, limit(container));
        }
    }

    private CgroupDriver driver(ContainerRecord container) {
        return host.cgroups().of(container.places());
    }

    private static void kill(ContainerRecord container, Cgroup cgroup, Signaller signaller) throws IOException {
        CgroupProcesses processes = cgroup.processes();
        if (!container.description().endsWithInit()) {
            processes.killAll(signaller, LIMIT);
            processes.checkNoneIsUnknown();
        } else if (processes.mayOutliveKill()) {
            processes.letKilledEnd();
        }
    }

    /** An init that was not recorded dies of its creator's death, which may take as long as any. */
    private static Duration limit(ContainerRecord container) {
        return container.init().isEmpty() ? LIMIT : LEAVING_LIMIT;
    }

    private static void removeResctrl(ContainerRecord container) throws ContainerException {
        try {
            container.places().removeResctrl();
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot remove the resctrl groups of container " + container.id() + ": " + Failures.describe(e), e);
        }
    }

    private static ContainerException cgroupStays(ContainerRecord container, IOException e) {
        return new ContainerException(
                "cannot remove the cgroup of container " + container.id() + ": " + e.getMessage(), e);
    }

    /**
     * Most cgroups are empty by now, and the kernel says faster than its files whether one is: it lets go of it. One
     * that is to stay does not say so.
     */
    private static boolean isRemoved(CgroupDriver driver, Cgroup cgroup) {
        if (cgroup.isTakenOver()) {
            return false;
        }
        try {
            driver.remove(cgroup, Duration.ZERO);
            return true;
        } catch (IOException occupied) {
            return false;
        }
    }
}
