// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.ForeignProcessException;
import dev.jrun.container.limits.UpdatedLimits;
import java.util.Optional;

/**
 * What is recorded about a container.
 *
 * @param creator the shim that makes it
 * @param first empty while it is being made
 * @param updated what updates have changed since it was made
 */
public record ContainerRecord(
        ContainerDescription description,
        ContainerPlaces places,
        ProcessIdentity creator,
        Optional<FirstProcess> first,
        UpdatedLimits updated) {

    /** One that no update has changed. */
    public ContainerRecord(
            ContainerDescription description,
            ContainerPlaces places,
            ProcessIdentity creator,
            Optional<FirstProcess> first) {
        this(description, places, creator, first, UpdatedLimits.NONE);
    }

    public ContainerId id() {
        return description.id();
    }

    /** Its first process; empty while it is being made. */
    public Optional<ProcessIdentity> init() {
        return first.isPresent() ? Optional.of(first.get().process()) : Optional.empty();
    }

    /** Whether {@code other}, of which the first process may not be known yet, was made by the same call. */
    public boolean isOfSameMaking(ContainerRecord other) {
        return creator.isSameAs(other.creator) && description.created().equals(other.description.created());
    }

    /** Whether {@code other} is the same container, and not a later one of its id. */
    public boolean isSameAs(ContainerRecord other) {
        return first.isPresent()
                && other.first.isPresent()
                && first.get().process().isSameAs(other.first.get().process());
    }

    /**
     * Whether the container's init is there and has not executed its program. execve(2) closes the socket on which it
     * is awaited, and so does death before it: the kernel remembers which it was, for a zombie too.
     */
    public boolean hasNotExecuted() throws ContainerException {
        if (first.isEmpty()) {
            return false;
        }
        Optional<ProcessStat> stat = first.get().process().stat();
        return stat.isPresent() && stat.get().hasNotExecuted();
    }

    /**
     * Whether the machine has certainly started anew since it was made, so that nothing of it is left but files.
     *
     * @throws ContainerException if this start of the machine cannot be told
     */
    public boolean isOfEarlierStart() throws ContainerException {
        return creator.isOfEarlierStart();
    }

    /**
     * Makes sure that it can be found out which of its processes are alive.
     *
     * @throws ContainerException if it cannot
     */
    public void checkIsInSight() throws ContainerException {
        try {
            creator.mayBeSignalled();
        } catch (ForeignProcessException foreign) {
            checkHasEnded(foreign);
        }
    }

    /**
     * Makes sure that none of its processes is left, although it was made in another pid namespace: its cgroup has
     * gone.
     *
     * @param foreign what there is to be said if that is not known
     */
    void checkHasEnded(ForeignProcessException foreign) throws ContainerException {
        try {
            if (!places.areProvenGone()) {
                throw foreign;
            }
        } catch (CgroupException unknown) {
            foreign.addSuppressed(unknown);
            throw foreign;
        }
    }

    /** This record without what others are told of it, which may be large, and is in its state. */
    public ContainerRecord withoutWhatIsTold() {
        return new ContainerRecord(
                description.withoutWhatIsTold(),
                places,
                creator,
                first.isPresent() ? Optional.of(first.get().withoutSteps()) : first,
                updated);
    }

    /** This record with the directories that were made or taken over for it. */
    public ContainerRecord withOwn(OwnDirectories directories) {
        return new ContainerRecord(description, places.with(directories), creator, first, updated);
    }

    /** This record with the cgroup that was made for it. */
    public ContainerRecord with(CgroupCreation creation) {
        return new ContainerRecord(description, places.with(creation), creator, first);
    }

    /** This record with what a manager of cgroups knows the making by that has begun. */
    public ContainerRecord withInvocation(String invocation) {
        return new ContainerRecord(description, places.withInvocation(invocation), creator, first);
    }

    /** This record with its first process and what came with it. */
    public ContainerRecord withFirst(FirstProcess process) {
        return new ContainerRecord(description, places, creator, Optional.of(process), updated);
    }

    /** This record after an update. */
    public ContainerRecord withUpdated(UpdatedLimits limits) {
        return new ContainerRecord(description, places, creator, first, limits);
    }
}
