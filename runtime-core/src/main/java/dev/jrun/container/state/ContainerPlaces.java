// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.OwnDirectories;
import java.nio.file.Path;
import java.util.List;

/**
 * A container's directories in file systems of the kernel.
 *
 * @param cgroup where its cgroups are or, while it is being made, will be
 * @param resctrl directories of resctrl that end with it, innermost first
 * @param own which of these directories are its own; as long as that is not known, none is touched that anything is in
 */
public record ContainerPlaces(CgroupDirectories cgroup, List<Path> resctrl, OwnDirectories own) {

    /** It has none. */
    public static final ContainerPlaces NONE =
            new ContainerPlaces(CgroupDirectories.NONE, List.of(), OwnDirectories.NONE);

    public ContainerPlaces {
        resctrl = List.copyOf(resctrl);
    }

    /** These places, of which these directories were made or taken over for the container. */
    ContainerPlaces with(OwnDirectories directories) {
        return new ContainerPlaces(cgroup, resctrl, directories);
    }

    /** Whether the container has a cgroup, and does not stay in its caller's. */
    public boolean haveOwnCgroup() {
        return own.areKnown() && !cgroup.all().isEmpty();
    }

    /**
     * Whether the container has a cgroup of its own that is proven to be gone, also as seen from other namespaces. No process of the
     * container is left then: a cgroup that has one cannot be removed, and a container that has not the host's cgroups to write to
     * cannot leave its own.
     *
     * @throws CgroupException if there is no way to tell
     */
    boolean areProvenGone() throws CgroupException {
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
}
