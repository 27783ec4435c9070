// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.cgroup.resctrl.Resctrl;
import dev.jrun.cgroup.resctrl.ResctrlGroups;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.container.check.HostSupport;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux.IntelRdt;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code linux.intelRdt} of one container. */
public final class ContainerResctrl {

    private final Resctrl resctrl;
    private final ResctrlGroups groups;
    private final List<String> schemata;

    private ContainerResctrl(Resctrl resctrl, ResctrlGroups groups, List<String> schemata) {
        this.resctrl = resctrl;
        this.groups = groups;
        this.schemata = schemata;
    }

    /**
     * What the configuration asks for, if it does.
     *
     * @throws ContainerException if the host has no resctrl, or what would be the container's is somebody else's
     */
    static Optional<ContainerResctrl> of(Config config, ContainerId id) throws ContainerException {
        Optional<IntelRdt> asked = config.linux().intelRdt();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        ContainerResctrl control = of(asked.get(), id);
        try {
            control.resctrl.claim(control.groups);
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
        return Optional.of(control);
    }

    private static ContainerResctrl of(IntelRdt rdt, ContainerId id) throws ContainerException {
        return of(mounted(), rdt, id);
    }

    static ContainerResctrl of(Resctrl resctrl, IntelRdt rdt, ContainerId id) {
        List<String> schemata = rdt.allSchemata();
        ResctrlGroups groups =
                ResctrlGroups.of(resctrl, id.text(), rdt.closID(), !schemata.isEmpty(), rdt.enableMonitoring());
        return new ContainerResctrl(resctrl, groups, schemata);
    }

    /**
     * Puts another process into the groups of a container that has them.
     *
     * @param config of the container, which asks for it
     */
    public static void add(Config config, ContainerId id, long pid) throws ContainerException {
        of(config.linux().intelRdt().orElseThrow(), id).join(pid);
    }

    /**
     * Changes what a container may use that has a class of service.
     *
     * @param rdt of its configuration, with other schemata
     * @param writing by which it can be taken back
     * @throws CgroupException if the kernel does not take them, or the class is not its own
     */
    public static void update(IntelRdt rdt, ContainerRecord container, RevocableWriting writing)
            throws CgroupException, ContainerException {
        ContainerResctrl control = of(rdt, container.id());
        control.checkIsOwn(container.places());
        control.writeSchemata(writing);
    }

    /** What others are in is not one container's to change. */
    void checkIsOwn(ContainerPlaces places) throws CgroupException {
        if (!places.ownResctrl(groups.ofClass())) {
            throw CgroupException.ofField(
                    "/linux/intelRdt/closID",
                    "the class of service " + groups.ofClass()
                            + " was not made for this container, so others may be in it");
        }
    }

    /** What the kernel says of a class of service can be written to it again. */
    void writeSchemata(RevocableWriting writing) throws CgroupException {
        try {
            writing.write(Resctrl.schemata(groups), String.join("\n", schemata) + "\n", contents -> contents + "\n");
        } catch (CgroupException e) {
            throw resctrl.refused(e);
        }
    }

    private static Resctrl mounted() throws ContainerException {
        try {
            return Resctrl.mounted()
                    .orElseThrow(() -> new ContainerException(HostSupport.NO_RESCTRL.in("config.json")));
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    /** The directories that end with the container, innermost first. */
    List<Path> own() {
        return groups.own();
    }

    /**
     * Makes what is not there yet.
     *
     * @return which directories were made
     * @throws ContainerException if the kernel refuses something; nothing that was made is left then
     */
    OwnDirectories make() throws ContainerException {
        try {
            return resctrl.make(groups, schemata);
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }

    /** @param init the pid of the container's first process, which forks all others */
    void join(long init) throws ContainerException {
        try {
            resctrl.join(groups, init);
        } catch (CgroupException e) {
            throw new ContainerException(e.getMessage(), e);
        }
    }
}
