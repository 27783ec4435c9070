// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.Backoff;
import dev.jrun.cgroup.CgroupException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One start of a unit, which may take several attempts: systemd, the bus, or the way to it may go in the middle. */
final class UnitStart {

    private static final String UNIT_EXISTS = "org.freedesktop.systemd1.UnitExists";

    /**
     * Once in so long a job is asked for whose end nobody has told: it may have ended while there was no connection.
     */
    static final Duration JOB_CHECK = Duration.ofMillis(500);

    private final String name;
    private final List<UnitProperty> properties;
    private final UnitManager.Membership process;
    private final UnitManager.Cgroups cgroups;
    private final UnitManager.Limits limits;
    /** Whether it was asked for, and nobody has said no: a unit of that name may be the one that is being started. */
    private boolean asked;

    private boolean repeated;

    /**
     * @param properties among them the process that it is to have
     * @param cgroups to let go of that of a former unit of that name
     */
    UnitStart(
            String name,
            List<UnitProperty> properties,
            UnitManager.Membership process,
            UnitManager.Cgroups cgroups,
            UnitManager.Limits limits) {
        this.name = name;
        this.properties = properties;
        this.process = process;
        this.cgroups = cgroups;
        this.limits = limits;
    }

    /**
     * Starts it, and waits until it runs.
     *
     * @throws BusException if it has to be begun anew, with another connection
     * @throws CgroupException if it does not come to be
     */
    UnitManager.Started begin(Bus connection) throws BusException, CgroupException {
        UnitObject unit = UnitObject.named(name, connection, limits.answer());
        boolean anew = asked;
        if (!anew || !process.isInUnit()) {
            Optional<String> job = ask(unit);
            if (job.isPresent() && !awaitJob(unit, job.get())) {
                return begin(connection);
            }
        }
        if (anew) {
            awaitActive(unit);
        }
        return started(unit);
    }

    /** Whose a name is can change at any time. It is this one's as long as its process is in it. */
    private UnitManager.Started started(UnitObject unit) throws BusException, CgroupException {
        var started = new UnitManager.Started(unit.invocation(), unit.controlGroup());
        if (started.invocation().isEmpty() || !process.isInUnit()) {
            throw new CgroupException("systemd has started " + name + ", but it has ended already");
        }
        return started;
    }

    /** Empty if the unit is there already, since it was asked for before. */
    private Optional<String> ask(UnitObject unit) throws BusException, CgroupException {
        Backoff patience = null;
        while (true) {
            boolean before = asked;
            asked = true;
            try {
                Object[] answer = unit.connection()
                        .callManager(
                                "StartTransientUnit",
                                limits.answer(),
                                "ssa(sv)a(sa(sv))",
                                name,
                                "fail",
                                properties,
                                List.of());
                return Optional.of(answer[0].toString());
            } catch (BusException.Refused refused) {
                if (refused.isAbsence()) {
                    throw refused;
                }
                asked = before;
                if (!refused.is(UNIT_EXISTS)) {
                    throw refused;
                }
            }
            if (patience == null) {
                patience = new Backoff(asked ? limits.job() : limits.former());
            }
            boolean goes = isAboutToGo(unit);
            // Looked at last: systemd may have come to what it was asked for in between.
            if (asked && process.isInUnit()) {
                return Optional.empty();
            }
            if (!goes || !patience.pause()) {
                throw new CgroupException("unit " + name + " already exists"
                        + "; whoever it belongs to, it is not touched (systemctl status " + name + ")");
            }
        }
    }

    /**
     * Whether the name will be free. That of a container which has ended a moment ago is, once systemd has looked at
     * its cgroup. One that has failed stays until somebody says that he has seen it, and is reset as by runc. One that
     * is asked for, and begins only once systemd has executed itself anew, has no process yet.
     */
    private boolean isAboutToGo(UnitObject unit) throws BusException, CgroupException {
        String state = unit.state();
        if (state.equals("failed")) {
            unit.resetFailed();
            return true;
        }
        if (state.equals("inactive") || state.equals("deactivating")) {
            return true;
        }
        if (unit.hasProcesses()) {
            return false;
        }
        Optional<UnitObject> former = unit.itsStart();
        return former.isEmpty() || new UnitEnd(former.get()).await(Duration.ZERO, limits.job(), cgroups);
    }

    /**
     * Waits for the end of a job.
     *
     * @return whether the unit runs; false if it has to be asked for once more
     */
    private boolean awaitJob(UnitObject unit, String job) throws BusException, CgroupException {
        long end = System.nanoTime() + limits.job().toNanos();
        while (System.nanoTime() < end) {
            Optional<String> result = unit.connection().awaitJob(job, JOB_CHECK);
            if (result.isPresent()) {
                return isDone(unit, result.get());
            }
            unit.connection().checkIsThere();
            String state = unit.state();
            if (state.equals("active")) {
                return true;
            }
            if (state.equals("failed")) {
                return isDone(unit, state);
            }
        }
        unit.cancel(job);
        throw tookTooLong();
    }

    /**
     * A systemd that executes itself anew before it begins with a job has forgotten whose process the unit was to have,
     * 252 does.
     */
    private boolean isDone(UnitObject unit, String result) throws BusException, CgroupException {
        if (result.equals("done")) {
            return true;
        }
        unit.resetFailed();
        asked = false;
        if (result.equals("failed") && !repeated) {
            repeated = true;
            return false;
        }
        throw new CgroupException("systemd could not start " + name + ": its job ended as \"" + result
                + "\" (journalctl -u " + name + ")");
    }

    private void awaitActive(UnitObject unit) throws BusException, CgroupException {
        Backoff backoff = new Backoff(limits.job());
        while (!unit.state().equals("active")) {
            if (!backoff.pause()) {
                throw tookTooLong();
            }
        }
    }

    private CgroupException tookTooLong() {
        return new CgroupException(
                "systemd has not started " + name + " within " + limits.job().toSeconds() + " s");
    }
}
