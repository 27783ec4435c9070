// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The systemd whose units containers are. For use by several threads.
 *
 * <p>A unit is known by the id of its invocation, which no other ever gets: what a name stands for may be somebody
 * else's by the time that it is used.
 */
public final class UnitManager {

    /** sd_booted(3). */
    private static final Path BOOTED = Path.of("/run/systemd/system");

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Connection connection;
    private final Limits limits;

    /**
     * How long systemd and the bus may take.
     *
     * @param connect to let this process in
     * @param answer to answer a call
     * @param job to do what was asked for
     * @param absence to come back when it has gone
     * @param former to let go of a unit that has ended, whose name is wanted
     */
    record Limits(Duration connect, Duration answer, Duration job, Duration absence, Duration former) {

        /**
         * An answer may take that long on a machine that starts hundreds of units; it is what systemd's own programs
         * wait.
         */
        static final Limits USUAL = new Limits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(25),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5));
    }

    /**
     * What systemd says of itself.
     *
     * @param version such as 252
     * @param root the cgroup that all of its units are in, {@code /} for that of the host; as {@code /proc/PID/cgroup}
     *     has it
     */
    public record Facts(int version, String root) {}

    /**
     * A unit that runs.
     *
     * @param invocation which start of it that is
     * @param cgroup as {@code /proc/PID/cgroup} has it
     */
    public record Started(String invocation, String cgroup) {}

    /**
     * Whether a unit is the one that was asked for, although nobody has said so: the process that it was to have is in
     * it.
     */
    @FunctionalInterface
    public interface Membership {
        /** @throws CgroupException if that process has ended, too */
        boolean isInUnit() throws CgroupException;
    }

    /** Who can remove cgroups. */
    @FunctionalInterface
    public interface Cgroups {
        /**
         * Removes one, unless anything is in it.
         *
         * @param path as {@code /proc/PID/cgroup} has it
         * @return whether it is gone
         */
        boolean letGo(String path) throws CgroupException;
    }

    private UnitManager(List<BusAddress> addresses, Limits limits, Path booted) {
        this.connection = new Connection(addresses, limits, booted);
        this.limits = limits;
    }

    /** That of this user: root's is the system's, any other's is the one of the user's session. */
    public static UnitManager of(int uid) {
        return new UnitManager(BusAddress.of(uid), Limits.USUAL, BOOTED);
    }

    static UnitManager at(List<BusAddress> addresses, Limits limits) {
        return new UnitManager(addresses, limits, Path.of("/"));
    }

    /**
     * Has another thread connect, if there is no connection: the first call of an engine has something else to do
     * meanwhile.
     */
    public void connectAhead() {
        if (!connection.isThere()) {
            Thread ahead = new Thread(
                    () -> {
                        try {
                            facts();
                        } catch (CgroupException e) {
                            // Whoever needs it is told.
                            return;
                        }
                    },
                    "bus ahead");
            ahead.setDaemon(true);
            ahead.start();
        }
    }

    /**
     * What there is to know of it.
     *
     * @throws CgroupException if it cannot be asked
     */
    public Facts facts() throws CgroupException {
        return ask("find out about systemd", link -> link.facts());
    }

    /**
     * Starts a unit that there is not yet, and waits until it runs.
     *
     * @param properties among them the process that it is to have
     * @param cgroups to let go of that of a former unit of that name
     * @throws CgroupException if there is a unit of that name, or it cannot be started; what was begun ends with that
     *     process, or is to be looked for by {@link #endUnknown}
     */
    public Started start(String unit, List<UnitProperty> properties, Membership process, Cgroups cgroups)
            throws CgroupException {
        UnitStart start = new UnitStart(unit, properties, process, cgroups, limits);
        return ask("start " + unit, link -> start.begin(link.bus()));
    }

    /**
     * Gives a unit other properties, until it ends.
     *
     * @throws CgroupException if there is no such unit any more, or it does not take them
     */
    public void setProperties(String invocation, List<UnitProperty> properties) throws CgroupException {
        ask("set properties", link -> {
            started(invocation, link).set(properties);
            return link;
        });
    }

    /**
     * What properties of a scope are now, to be set again.
     *
     * @param like which, with their types
     * @throws CgroupException if there is no such unit any more
     */
    public List<UnitProperty> properties(String invocation, List<UnitProperty> like) throws CgroupException {
        return ask("read properties", link -> read(started(invocation, link), like));
    }

    private static List<UnitProperty> read(UnitObject unit, List<UnitProperty> like) throws BusException {
        List<UnitProperty> found = new ArrayList<>(like.size());
        for (UnitProperty each : like) {
            Object value = unit.scopeProperty(each.name());
            if (each.signature().startsWith("a(")) {
                // What is set is added to a list, unless nothing is.
                found.add(new UnitProperty(each.name(), each.signature(), List.of()));
            }
            found.add(new UnitProperty(each.name(), each.signature(), BusValue.from(each.signature(), value)));
        }
        return found;
    }

    /**
     * Waits until a unit has ended, which systemd sees to by itself when nothing is in its cgroup any more; where it
     * does not see that, the cgroup is removed, and the unit stopped. One that has failed is forgotten.
     *
     * @param leave how long processes may take to leave it
     * @return whether it has ended; false if processes are in it
     * @throws CgroupException if systemd cannot be asked
     */
    public boolean awaitEnd(String unit, String invocation, Duration leave, Cgroups cgroups) throws CgroupException {
        return ask(
                "tell whether " + unit + " has ended",
                link -> new UnitEnd(started(invocation, link)).await(leave, limits.job, cgroups));
    }

    /**
     * Likewise of whatever unit has a name. Whose it is does not matter: one that processes are in goes on, and any
     * other has ended.
     *
     * @throws CgroupException if systemd cannot be asked
     */
    public void endUnknown(String unit, Duration leave, Cgroups cgroups) throws CgroupException {
        ask("tell whether " + unit + " has ended", link -> {
            UnitObject named = UnitObject.named(unit, link.bus(), limits.answer);
            if (named.state().equals("active")) {
                Optional<UnitObject> running = named.itsStart();
                return running.isPresent() && new UnitEnd(running.get()).await(leave, limits.job, cgroups);
            }
            return true;
        });
    }

    /**
     * Stops a unit, and waits until it has gone. If it has gone already, that is fine. What is in it is killed: it is
     * for one whose cgroup has gone, and of which systemd did not see that.
     *
     * @throws CgroupException if it cannot be asked for, or takes too long
     */
    void stop(String unit, String invocation) throws CgroupException {
        boolean gone = ask("stop " + unit, link -> new UnitEnd(started(invocation, link)).bringAbout(limits.job()));
        if (!gone) {
            throw new CgroupException("systemd has not stopped " + unit + " within " + limits.job.toSeconds() + " s");
        }
    }

    private UnitObject started(String invocation, Connection.Link link) {
        return UnitObject.started(invocation, link.bus(), limits.answer());
    }

    /** What is asked over a connection. It is asked again over another one if that is lost. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Connection.Link link) throws BusException, CgroupException;
    }

    private <T> T ask(String purpose, Question<T> question) throws CgroupException {
        OptionalLong end = OptionalLong.empty();
        while (true) {
            try {
                Connection.Link link = connection.get();
                try {
                    return question.ask(link);
                } finally {
                    connection.letGo(link);
                }
            } catch (BusException.Refused e) {
                if (!e.isAbsence() || isOver(end)) {
                    throw new CgroupException("systemd: " + purpose + ": " + e.getMessage(), e);
                }
            } catch (BusException e) {
                if (isOver(end) || Thread.currentThread().isInterrupted()) {
                    throw new CgroupException("systemd cannot be asked to " + purpose + ": " + e.getMessage(), e);
                }
            }
            // However long it took to find out that nobody answers, there may be another way.
            end = OptionalLong.of(end.orElse(System.nanoTime() + limits.absence.toNanos()));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isOver(OptionalLong end) {
        return end.isPresent() && System.nanoTime() - end.getAsLong() > 0;
    }
}
