// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.Backoff;
import dev.jrun.cgroup.CgroupException;
import java.time.Duration;

/**
 * The end of a unit. systemd lets go of a scope by itself when it hears from the kernel that nothing is in its cgroup
 * any more. It does not hear of one into which no process ever came, since the one that it was to have had got SIGKILL
 * by then, and was a zombie that can be moved and counts for nothing; nor of one that somebody has removed.
 */
final class UnitEnd {

    /** How long systemd may take to hear of it: the kernel says it at most once in 10 ms. */
    private static final Duration HEARSAY = Duration.ofMillis(300);

    private final UnitObject unit;

    /** @param unit which start of one it is, whatever has its name by now */
    UnitEnd(UnitObject unit) {
        this.unit = unit;
    }

    /**
     * Waits for it, and brings it about where nothing is in the unit and systemd does not see that.
     *
     * @param leave how long processes may take to leave it
     * @param stop how long systemd may take to stop it then
     * @param cgroups who can remove its cgroup, if nothing is in it
     * @return whether it has come; false if processes are in it
     */
    boolean await(Duration leave, Duration stop, UnitManager.Cgroups cgroups) throws BusException, CgroupException {
        Backoff leaving = new Backoff(leave);
        while (!awaitHearsay()) {
            if (isDeserted(cgroups)) {
                return bringAbout(stop);
            }
            if (!leaving.pause()) {
                return false;
            }
        }
        return true;
    }

    private boolean awaitHearsay() throws BusException {
        Backoff backoff = new Backoff(HEARSAY);
        while (!hasCome()) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether nothing is in it, and nothing can come there any more. To stop a unit kills what is in it; so its cgroup
     * is removed first, which the kernel does to none that a process is in.
     */
    private boolean isDeserted(UnitManager.Cgroups cgroups) throws BusException, CgroupException {
        try {
            if (!unit.state().equals("active") || unit.hasProcesses()) {
                return false;
            }
            String cgroup = unit.controlGroup();
            return cgroup.isEmpty() || cgroups.letGo(cgroup);
        } catch (BusException.Refused refused) {
            if (UnitObject.isGone(refused)) {
                return true;
            }
            throw refused;
        }
    }

    /** One that has failed stays until somebody says that he has seen it. */
    private boolean hasCome() throws BusException {
        try {
            String state = unit.state();
            if (state.equals("failed")) {
                unit.resetFailed();
                return unit.state().equals("inactive");
            }
            return state.equals("inactive");
        } catch (BusException.Refused refused) {
            if (UnitObject.isGone(refused)) {
                return true;
            }
            throw refused;
        }
    }

    /**
     * Brings it about, and waits for it. What is in the unit is killed.
     *
     * @return whether it has come within {@code limit}
     */
    boolean bringAbout(Duration limit) throws BusException {
        if (hasCome()) {
            return true;
        }
        try {
            return awaitJob(unit.stop(), System.nanoTime() + limit.toNanos());
        } catch (BusException.Refused refused) {
            if (UnitObject.isGone(refused)) {
                return true;
            }
            throw refused;
        }
    }

    private boolean awaitJob(String job, long end) throws BusException {
        while (System.nanoTime() < end) {
            unit.connection().awaitJob(job, UnitStart.JOB_CHECK);
            unit.connection().checkIsThere();
            if (hasCome()) {
                return true;
            }
        }
        unit.cancel(job);
        return false;
    }
}
