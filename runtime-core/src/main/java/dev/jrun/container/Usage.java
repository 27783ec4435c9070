// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.cgroup.resctrl.Resctrl;
import dev.jrun.cgroup.resctrl.ResctrlStatistics;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerRecord;
import java.util.Optional;

/** What a container uses, and has used. */
public final class Usage {

    private final Host host;

    public Usage(Host host) {
        this.host = host;
    }

    /**
     * What was found.
     *
     * @param cgroup what its cgroup counts
     * @param resctrl what is counted of caches and memory bandwidth
     */
    public record Counts(Statistics cgroup, ResctrlStatistics resctrl) {}

    /**
     * Looks at a container that runs.
     *
     * @throws ContainerException if it cannot be found out, or the container has no cgroup of its own: what is counted
     *     there is others', too
     */
    public Counts of(ContainerRecord container) throws ContainerException {
        ContainerPlaces places = checkedPlaces(container);
        try {
            Statistics cgroup = host.cgroups().of(places).report(places.ownCgroup());
            return new Counts(cgroup, resctrl(places));
        } catch (CgroupException e) {
            throw failure(container, e.getMessage(), e);
        } catch (RuntimeException unforeseen) {
            throw failure(container, unforeseen.toString(), unforeseen);
        }
    }

    /**
     * Looks likewise, and only at what is shown to people: processors, memory, processes, devices' bytes and pressure.
     *
     * @throws ContainerException as {@link #of}
     */
    Statistics shown(ContainerRecord container) throws ContainerException {
        ContainerPlaces places = checkedPlaces(container);
        try {
            return host.cgroups().of(places).reportShown(places.ownCgroup());
        } catch (CgroupException e) {
            throw failure(container, e.getMessage(), e);
        } catch (RuntimeException unforeseen) {
            throw failure(container, unforeseen.toString(), unforeseen);
        }
    }

    private static ContainerPlaces checkedPlaces(ContainerRecord container) throws ContainerException {
        if (!container.places().haveOwnCgroup()) {
            throw failure(container, "it has no cgroup of its own", null);
        }
        return container.places();
    }

    /** What a later kernel writes, and nothing here foresees, is one container's problem as well. */
    private static ContainerException failure(ContainerRecord container, String why, Exception cause) {
        return new ContainerException("cannot say what container " + container.id() + " uses: " + why, cause);
    }

    private static ResctrlStatistics resctrl(ContainerPlaces places) throws CgroupException {
        if (places.resctrl().isEmpty()) {
            return ResctrlStatistics.NONE;
        }
        Optional<Resctrl> mounted = Resctrl.mounted();
        return mounted.isPresent()
                ? ResctrlStatistics.of(mounted.get().root(), places.resctrl())
                : ResctrlStatistics.NONE;
    }
}
