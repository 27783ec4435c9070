// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.resctrl.Resctrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container's record says about its places in file systems of the kernel. Other packages need not know that
 * these are directories: they ask for the {@link Cgroup}.
 *
 * @param driver that made its cgroup, and is to remove it
 * @param cgroup where its cgroups are or, while it is being made, will be
 * @param resctrl directories of resctrl that end with it, innermost first
 * @param own which of these directories are its own; as long as that is not known, none is touched that anything is in
 * @param unit of systemd's, whose cgroup it is
 * @param invocation the id of that unit's invocation; empty as long as it is not known which unit is its own
 * @param delegated the path from its cgroup v2 to the one below that its processes begin in
 */
public record ContainerPlaces(
        CgroupDriver.Kind driver,
        CgroupDirectories cgroup,
        List<Path> resctrl,
        OwnDirectories own,
        Optional<String> unit,
        Optional<String> invocation,
        Optional<String> delegated) {

    /** It has none. */
    public static final ContainerPlaces NONE =
            new ContainerPlaces(CgroupDriver.Kind.CGROUPFS, CgroupDirectories.NONE, List.of(), OwnDirectories.NONE);

    /** Those of a container that is no unit. */
    public ContainerPlaces(CgroupDriver.Kind driver, CgroupDirectories cgroup, List<Path> resctrl, OwnDirectories own) {
        this(driver, cgroup, resctrl, own, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public ContainerPlaces {
        resctrl = List.copyOf(resctrl);
    }

    /** Where nothing was made yet. */
    public static ContainerPlaces planned(CgroupDriver.Kind driver, CgroupPlace place, List<Path> resctrl) {
        return new ContainerPlaces(
                driver, place.own(), resctrl, OwnDirectories.NONE, place.unit(), Optional.empty(), place.delegated());
    }

    /** These places, of which these directories were made or taken over for the container. */
    public ContainerPlaces with(OwnDirectories directories) {
        return new ContainerPlaces(driver, cgroup, resctrl, directories, unit, invocation, delegated);
    }

    /** These places, which were made now. */
    public ContainerPlaces with(CgroupCreation creation) {
        return new ContainerPlaces(driver, cgroup, resctrl, creation.own(), unit, creation.invocation(), delegated);
    }

    /** These places, of a unit whose start is known by this. */
    public ContainerPlaces withInvocation(String known) {
        return new ContainerPlaces(driver, cgroup, resctrl, own, unit, Optional.of(known), delegated);
    }

    /** Whether the container has a cgroup, and does not stay in its caller's. */
    public boolean haveOwnCgroup() {
        return own.areKnown() && !cgroup.all().isEmpty();
    }

    /** Whether it is known which directories are its own. */
    public boolean areKnown() {
        return own.areKnown();
    }

    /**
     * Whether the container has a cgroup of its own that is proven to be gone, also as seen from other namespaces. No
     * process of the container is left then: a cgroup that has one cannot be removed, and a container that has not the
     * host's cgroups to write to cannot leave its own.
     *
     * @throws CgroupException if there is no way to tell
     */
    public boolean areProvenGone() throws CgroupException {
        return own.areProvenGone(cgroup);
    }

    /**
     * The cgroup that is the container's own, as far as it is there.
     *
     * @throws CgroupException if there is no way to tell
     */
    public Cgroup ownCgroup() throws CgroupException {
        return own.cgroup(cgroup);
    }

    /** Where it had a cgroup of its own that is not there any more, by {@link #ownCgroup}. */
    public List<Path> missing(Cgroup present) {
        List<Path> missing = new ArrayList<>(cgroup.all());
        missing.removeAll(present.paths().all());
        return missing;
    }

    /** What is at the place of the container's cgroup, whosever it is by now: to be read, and not to be changed. */
    public Cgroup cgroupAtItsPlace() {
        return new Cgroup(cgroup);
    }

    /** How another process comes there. */
    public CgroupEntry entry() {
        CgroupEntry entry = cgroupAtItsPlace().entry();
        return delegated.isPresent() ? entry.toDelegated(delegated.get()) : entry;
    }

    /**
     * Removes what can only be the container's, where it is not known which directories are its own: empty ones, that
     * are marked as containers', and that nobody is about to use.
     */
    public void removeUnknown() throws CgroupException {
        new Cgroup(cgroup).removeUnknown();
    }

    /** Likewise of a container that has been, whose record may be of a version that neither knew nor marked them. */
    public void removeUnknownOfEnded() throws CgroupException {
        if (own.all().isEmpty()) {
            new Cgroup(cgroup).removeIfEmpty();
        } else {
            removeUnknown();
        }
    }

    /**
     * Whether a directory of resctrl was made for the container, and is that one still.
     *
     * @throws CgroupException if that cannot be found out
     */
    public boolean ownResctrl(Path directory) throws CgroupException {
        return !own.madeAmong(List.of(directory)).isEmpty();
    }

    /** Removes the groups of resctrl that were made for the container. */
    public void removeResctrl() throws IOException {
        Resctrl.remove(own.madeAmong(resctrl));
    }
}
