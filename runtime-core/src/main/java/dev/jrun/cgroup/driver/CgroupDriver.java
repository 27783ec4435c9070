// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.statistics.Statistics;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.spec.Resources;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes, limits and removes containers' cgroups, which differs between kinds of hosts. What does not depend on who made
 * a cgroup (entering it; listing and signalling its processes; freezing, thawing and killing them) is in
 * {@link Cgroup}.
 *
 * <p>A driver is for one call, and for one thread at a time.
 */
public interface CgroupDriver {

    /** Which driver has made a container's cgroup: it is in the container's record, and later calls use the same. */
    enum Kind {
        /** {@link FileSystemDriver}. */
        CGROUPFS("cgroupfs"),
        /** {@link DisabledDriver}. */
        DISABLED("disabled"),
        /** {@link SystemdDriver}. */
        SYSTEMD("systemd");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** As records have it, and as engines call it. */
        public String word() {
            return word;
        }

        /** The one with that name; empty if this version has none such. */
        public static Optional<Kind> of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    Kind kind();

    /**
     * Begins with what takes time and is the same for every container, so that {@link #place} and {@link #create} find
     * it done.
     *
     * @throws CgroupException if it cannot be found out what cgroups this host has
     */
    void prepare() throws CgroupException;

    /**
     * Where a container's cgroup belongs. Nothing is made.
     *
     * @param id the container's
     * @param cgroupsPath {@code linux.cgroupsPath}; absent or empty: the id
     * @param callerCgroup the text of {@code /proc/PID/cgroup} of the process that calls the runtime
     * @throws CgroupException if the path is none for this driver, or the place is not to be had
     */
    CgroupPlace place(String id, Optional<String> cgroupsPath, String callerCgroup) throws CgroupException;

    /**
     * Makes it, unless anybody else has a use for what is there.
     *
     * @param making what it is made for
     * @return the making, which is to be closed when the container's first process is in the cgroup
     * @throws CgroupException if that fails; nothing that was made is left then
     */
    CgroupCreation create(CgroupPlace place, Making making) throws CgroupException;

    /**
     * Applies what could not be as long as another process than the container's was in the cgroup that was made, to
     * hold its place.
     *
     * @throws CgroupException as {@link #apply}
     */
    default void settle() throws CgroupException {}

    /**
     * Limits what can be used in a cgroup that exists, also of a container that runs. What the resources say nothing
     * about stays as it is, and so do the device rules.
     *
     * @throws CgroupException if this host cannot do that; it names the field of config.json. What was applied before
     *     stays
     */
    void apply(Cgroup cgroup, Resources resources) throws CgroupException;

    /**
     * Has the device rules of these resources take the place of those that a cgroup had. Without any, only the devices
     * that every container has can be used.
     *
     * @throws CgroupException likewise
     */
    void restrictDevices(Cgroup cgroup, Resources resources) throws CgroupException;

    /**
     * Changes limits, and device rules if they change, of a container's cgroup that may be in use. What the resources
     * say nothing about stays as it is, and what they say of devices is not looked at.
     *
     * @param devices from which rules to which; empty: these stay
     * @param writing where it is put down how each step is taken back; a driver that tells others of limits adds that
     *     as well. Whoever calls keeps all of it or takes it back
     * @throws CgroupException if this host cannot do that; it names the field of the resources. What was done before is
     *     in {@code writing}
     */
    void update(Cgroup cgroup, Resources resources, Optional<DeviceChange> devices, RevocableWriting writing)
            throws CgroupException;

    /**
     * Tells whoever manages the cgroup of a container what an {@link #update} that was cut off has noted.
     *
     * @throws CgroupException if he cannot be told, or does not take it
     */
    default void tell(String properties) throws CgroupException {}

    /**
     * What is used in a cgroup, and was.
     *
     * @throws CgroupException if it cannot be found out
     */
    Statistics report(Cgroup cgroup) throws CgroupException;

    /**
     * Likewise of what is shown to people, again and again: no cpuset and no huge pages.
     *
     * @throws CgroupException if it cannot be found out
     */
    Statistics reportShown(Cgroup cgroup) throws CgroupException;

    /**
     * How another process comes into a container's cgroup where that takes none itself, since the container has handed
     * its controllers down (EBUSY; "no internal processes", cgroups(7)): beside a process of the container.
     * {@link Cgroup#entry} is how it does else.
     *
     * @param membership the text of that process's {@code /proc/PID/cgroup}
     * @return empty if that one is, in cgroup v2, neither in the container's cgroup nor below it
     */
    Optional<CgroupEntry> entryBeside(Cgroup cgroup, String membership) throws CgroupException;

    /**
     * Has whoever manages cgroups end what he may have made for a making that was cut off or failed, so that nobody has
     * put down what it was. Nothing is done to what a process is in. Only after that it can be looked at what is left.
     *
     * @throws CgroupException if it cannot be found out
     */
    default void endUnknown() throws CgroupException {}

    /**
     * Takes a container's cgroup away, with those that the container made in it. If it is gone already, that is fine.
     * Where it was there before the container, it is given back as it is.
     *
     * @param limit how long to retry while processes in it are still ending
     * @throws CgroupException if it could not be removed within {@code limit}
     */
    void remove(Cgroup cgroup, Duration limit) throws CgroupException;
}
