// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.resctrl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The groups of one container in {@link Resctrl}.
 *
 * @param ofClass its class of service
 * @param mayMakeClass whether the class is made if it is missing
 * @param monitoring the group that measures only this container
 * @param own the directories that end with it, innermost first: not a class that has a name of its own, which others
 *     may share
 */
public record ResctrlGroups(Path ofClass, boolean mayMakeClass, Optional<Path> monitoring, List<Path> own) {

    /** {@code closID} of the class that everything is in by default. */
    private static final String DEFAULT_CLASS = "/";

    public ResctrlGroups {
        own = List.copyOf(own);
    }

    /**
     * Those that a container is to have: a class of its own unless one is named, which must be there already if no
     * schema says what it is to be.
     *
     * @param container its id
     * @param closID {@code linux.intelRdt.closID}
     * @param hasSchemata whether anything is to be written for the class
     * @param monitored {@code linux.intelRdt.enableMonitoring}
     */
    public static ResctrlGroups of(
            Resctrl resctrl, String container, Optional<String> closID, boolean hasSchemata, boolean monitored) {
        boolean isDefault = closID.equals(Optional.of(DEFAULT_CLASS));
        Path ofClass = isDefault ? resctrl.root() : resctrl.root().resolve(closID.orElse(container));
        Optional<Path> monitoring =
                monitored ? Optional.of(Resctrl.monitoring(ofClass).resolve(container)) : Optional.empty();
        List<Path> own = new ArrayList<>();
        monitoring.ifPresent(own::add);
        if (closID.isEmpty()) {
            own.add(ofClass);
        }
        return new ResctrlGroups(ofClass, closID.isEmpty() || hasSchemata, monitoring, own);
    }
}
