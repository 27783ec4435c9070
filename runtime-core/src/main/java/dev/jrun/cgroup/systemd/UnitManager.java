// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.freedesktop.dbus.types.Variant;

/**
 * The systemd whose units containers are. An engine has one connection to it, made when it is first needed and made anew when it is lost; for
 * use by several threads.
 *
 * <p>A unit is known by the id of its invocation, which no other ever gets: what a name stands for may be somebody else's by the time that it is
 * used.
 */
public final class UnitManager {

    private static final String UNITS = "/org/freedesktop/systemd1/unit/";
    private static final String UNIT = "org.freedesktop.systemd1.Unit";
    private static final String SCOPE = "org.freedesktop.systemd1.Scope";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    private static final String UNIT_EXISTS = "org.freedesktop.systemd1.UnitExists";
    private static final String NO_SUCH_UNIT = "org.freedesktop.systemd1.NoSuchUnit";
    private static final String NO_SUCH_INVOCATION = "org.freedesktop.systemd1.NoUnitForInvocationID";
    private static final String UNKNOWN_OBJECT = "org.freedesktop.DBus.Error.UnknownObject";

    /** sd_booted(3). */
    private static final Path BOOTED = Path.of("/run/systemd/system");

    /** Once in so long a job is asked for whose end nobody has told: it may have ended while there was no connection. */
    private static final Duration JOB_CHECK = Duration.ofMillis(500);

    /** How long a unit of that name may take to go that has ended. */
    private static final Duration ENDED_UNIT_GOES = Duration.ofSeconds(2);

    /** How long the way is taken that was found when the usual one failed: a bus that hangs costs each attempt seconds. */
    private static final Duration DETOUR = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<BusAddress> addresses;
    private final Limits limits;
    private final Path booted;
    private Bus bus;
    private Facts facts;
    private int users;
    private Optional<BusAddress> detour = Optional.empty();
    private long detourEnds;

    /**
     * How long systemd and the bus may take.
     *
     * @param connect to let this process in
     * @param answer to answer a call
     * @param job to do what was asked for
     * @param absence to come back when it has gone
     */
    record Limits(Duration connect, Duration answer, Duration job, Duration absence) {

        /** An answer may take that long on a machine that starts hundreds of units; it is what systemd's own programs wait. */
        static final Limits USUAL = new Limits(
                Duration.ofSeconds(5), Duration.ofSeconds(25), Duration.ofSeconds(30), Duration.ofSeconds(15));
    }

    /**
     * What systemd says of itself.
     *
     * @param version such as 252
     * @param root the cgroup that all of its units are in, {@code /} for that of the host; as {@code /proc/PID/cgroup} has it
     */
    public record Facts(int version, String root) {}

    /** A unit that runs. */
    public record Started(String invocation) {}

    /** Whether a unit is the one that was asked for, although nobody has said so: the process that it was to have is in it. */
    @FunctionalInterface
    public interface Membership {
        boolean isInUnit() throws CgroupException;
    }

    private UnitManager(List<BusAddress> addresses, Limits limits, Path booted) {
        this.addresses = addresses;
        this.limits = limits;
        this.booted = booted;
    }

    /** That of this user: root's is the system's, any other's is the one of the user's session. */
    public static UnitManager of(int uid) {
        return new UnitManager(BusAddress.of(uid), Limits.USUAL, BOOTED);
    }

    static UnitManager at(List<BusAddress> addresses, Limits limits) {
        return new UnitManager(addresses, limits, Path.of("/"));
    }

    /** Has another thread connect, if there is no connection: the first call of an engine has something else to do meanwhile. */
    public synchronized void connectAhead() {
        if (bus == null || bus.isLost()) {
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
        return ask("find out about systemd", connection -> factsKnown());
    }

    private synchronized Facts factsKnown() {
        return facts;
    }

    /**
     * Starts a unit that there is not yet, and waits until it runs.
     *
     * @param properties among them the process that it is to have
     * @throws CgroupException if there is a unit of that name, or it cannot be started; nothing is left then once that process has ended
     */
    public Started start(String unit, List<UnitProperty> properties, Membership process) throws CgroupException {
        Starting starting = new Starting(unit, properties, process);
        return ask("start " + unit, starting::begin);
    }

    /** One start, which may take several attempts. */
    private final class Starting {
        private final String unit;
        private final List<UnitProperty> properties;
        private final Membership process;
        private long end;
        private boolean mayBeUnderWay;

        Starting(String unit, List<UnitProperty> properties, Membership process) {
            this.unit = unit;
            this.properties = properties;
            this.process = process;
        }

        Started begin(Bus connection) throws BusException, CgroupException {
            String path = pathOf(unit);
            end = System.nanoTime() + limits.job.toNanos();
            if (!mayBeUnderWay || !process.isInUnit()) {
                Optional<String> job = ask(connection);
                if (job.isPresent()) {
                    await(connection, job.get(), path);
                }
            }
            if (mayBeUnderWay) {
                awaitActive(connection, path);
            }
            return new Started(invocation(connection, path));
        }

        /** Empty if the unit is there already, since it was asked for before the connection was lost. */
        private Optional<String> ask(Bus connection) throws BusException, CgroupException {
            long patience = System.nanoTime() + ENDED_UNIT_GOES.toNanos();
            while (true) {
                boolean before = mayBeUnderWay;
                mayBeUnderWay = true;
                try {
                    Object[] answer = connection.callManager(
                            "StartTransientUnit",
                            limits.answer,
                            "ssa(sv)a(sa(sv))",
                            unit,
                            "fail",
                            properties,
                            List.of());
                    mayBeUnderWay = before;
                    return Optional.of(answer[0].toString());
                } catch (BusException.Refused refused) {
                    if (refused.isAbsence()) {
                        throw refused;
                    }
                    mayBeUnderWay = before;
                    if (!refused.is(UNIT_EXISTS)) {
                        throw refused;
                    }
                    if (before && process.isInUnit()) {
                        return Optional.empty();
                    }
                    if (!hasEnded(connection) || System.nanoTime() > patience) {
                        throw new CgroupException("unit " + unit + " already exists"
                                + "; whoever it belongs to, it is not touched (systemctl status " + unit + ")");
                    }
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }

        /** One that has failed stays until somebody says that he has seen it. */
        private boolean hasEnded(Bus connection) throws BusException {
            String state = state(connection, pathOf(unit));
            if (state.equals("failed")) {
                resetFailed(connection, unit);
                return true;
            }
            return state.equals("inactive") || state.equals("deactivating");
        }

        private void await(Bus connection, String job, String path) throws BusException, CgroupException {
            while (System.nanoTime() < end) {
                Optional<String> result = connection.awaitJob(job, JOB_CHECK);
                if (result.isPresent()) {
                    check(connection, result.get());
                    return;
                }
                if (connection.isLost()) {
                    mayBeUnderWay = true;
                    throw new BusException.Lost("the connection was lost", null);
                }
                String state = state(connection, path);
                if (state.equals("active")) {
                    return;
                }
                if (state.equals("failed")) {
                    check(connection, state);
                }
            }
            throw tookTooLong();
        }

        private void awaitActive(Bus connection, String path) throws BusException, CgroupException {
            while (System.nanoTime() < end) {
                if (state(connection, path).equals("active")) {
                    return;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            throw tookTooLong();
        }

        private CgroupException tookTooLong() {
            return new CgroupException("systemd has not started " + unit + " within " + limits.job.toSeconds() + " s");
        }

        private void check(Bus connection, String result) throws BusException, CgroupException {
            if (!result.equals("done")) {
                resetFailed(connection, unit);
                throw new CgroupException("systemd could not start " + unit + ": its job ended as \"" + result
                        + "\" (journalctl -u " + unit + ")");
            }
        }
    }

    /**
     * Gives a unit other properties, until it ends.
     *
     * @throws CgroupException if there is no such unit any more, or it does not take them
     */
    public void setProperties(String invocation, List<UnitProperty> properties) throws CgroupException {
        ask(
                "set properties",
                connection -> connection.call(
                        pathOfInvocation(invocation),
                        UNIT,
                        "SetProperties",
                        limits.answer,
                        "ba(sv)",
                        true,
                        properties));
    }

    /**
     * What properties of a scope are now, to be set again.
     *
     * @param like which, with their types
     * @throws CgroupException if there is no such unit any more
     */
    public List<UnitProperty> properties(String invocation, List<UnitProperty> like) throws CgroupException {
        return ask("read properties", connection -> read(connection, invocation, like));
    }

    private List<UnitProperty> read(Bus connection, String invocation, List<UnitProperty> like) throws BusException {
        List<UnitProperty> found = new ArrayList<>(like.size());
        for (UnitProperty each : like) {
            Object value = property(connection, pathOfInvocation(invocation), SCOPE, each.name());
            if (each.signature().startsWith("a(")) {
                // What is set is added to a list, unless nothing is.
                found.add(new UnitProperty(each.name(), each.signature(), List.of()));
            }
            found.add(new UnitProperty(each.name(), each.signature(), BusValue.from(each.signature(), value)));
        }
        return found;
    }

    /**
     * Stops a unit, and waits until it has gone. If it has gone already, that is fine.
     *
     * @throws CgroupException if it cannot be asked for, or takes too long
     */
    public void stop(String unit, String invocation) throws CgroupException {
        long end = System.nanoTime() + limits.job.toNanos();
        boolean gone = ask("stop " + unit, connection -> isStopped(connection, invocation, end));
        if (!gone) {
            throw new CgroupException("systemd has not stopped " + unit + " within " + limits.job.toSeconds() + " s");
        }
    }

    private boolean isStopped(Bus connection, String invocation, long end) throws BusException {
        String path = pathOfInvocation(invocation);
        try {
            String job = connection.call(path, UNIT, "Stop", limits.answer, "s", "replace")[0].toString();
            while (System.nanoTime() < end) {
                if (connection.awaitJob(job, JOB_CHECK).isPresent()) {
                    return true;
                }
                if (connection.isLost()) {
                    throw new BusException.Lost("the connection was lost", null);
                }
                if (!state(connection, path).equals("deactivating")) {
                    return true;
                }
            }
            return false;
        } catch (BusException.Refused refused) {
            if (isGone(refused)) {
                return true;
            }
            throw refused;
        }
    }

    private static boolean isGone(BusException.Refused refused) {
        return refused.is(NO_SUCH_UNIT) || refused.is(NO_SUCH_INVOCATION) || refused.is(UNKNOWN_OBJECT);
    }

    private void resetFailed(Bus connection, String unit) throws BusException {
        try {
            connection.callManager("ResetFailedUnit", limits.answer, "s", unit);
        } catch (BusException.Refused gone) {
            if (gone.isAbsence()) {
                throw gone;
            }
        }
    }

    /** ActiveState; {@code inactive} also of a unit that is not there. */
    private String state(Bus connection, String path) throws BusException {
        return (String) property(connection, path, UNIT, "ActiveState");
    }

    private String invocation(Bus connection, String path) throws BusException {
        return HexFormat.of().formatHex(bytes(property(connection, path, UNIT, "InvocationID")));
    }

    private static byte[] bytes(Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        List<?> numbers = (List<?>) value;
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (Byte) numbers.get(i);
        }
        return bytes;
    }

    private Object property(Bus connection, String path, String type, String name) throws BusException {
        Object answer = connection.call(path, PROPERTIES, "Get", limits.answer, "ss", type, name)[0];
        return ((Variant<?>) answer).getValue();
    }

    /** What is asked over a connection. It is asked again over another one if that is lost. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Bus connection) throws BusException, CgroupException;
    }

    private <T> T ask(String purpose, Question<T> question) throws CgroupException {
        OptionalLong end = OptionalLong.empty();
        while (true) {
            try {
                Bus connection = connection();
                try {
                    return question.ask(connection);
                } finally {
                    letGo(connection);
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

    private synchronized Bus connection() throws BusException, CgroupException {
        if (bus == null || bus.isLost()) {
            bus = null;
            if (Files.notExists(booted)) {
                throw new CgroupException("the cgroups of this host are not systemd's: there is no " + booted
                        + "; without --systemd-cgroup, jrun makes them itself");
            }
            bus = connect();
        }
        users++;
        return bus;
    }

    /** One to systemd itself is not kept: it would tell of all that its units do, and this engine would have to listen. */
    private synchronized void letGo(Bus used) {
        users--;
        if (users == 0 && used == bus && bus.address().kind() == BusAddress.Kind.MANAGER) {
            bus.close();
            bus = null;
        }
    }

    private Bus connect() throws BusException {
        var failures = new StringBuilder();
        BusException last = null;
        for (BusAddress address : inOrder()) {
            try {
                Bus connected = Bus.connect(address, limits.connect);
                facts = facts(connected);
                if (last != null) {
                    detour = Optional.of(address);
                    detourEnds = System.nanoTime() + DETOUR.toNanos();
                }
                return connected;
            } catch (BusException e) {
                failures.append(failures.isEmpty() ? "" : "; ").append(e.getMessage());
                last = e;
            }
        }
        throw new BusException.Lost(failures.toString(), last);
    }

    /** The usual way first, unless it has failed a short time ago and another has not. */
    private List<BusAddress> inOrder() {
        if (detour.isPresent() && System.nanoTime() - detourEnds > 0) {
            detour = Optional.empty();
        }
        List<BusAddress> order = new ArrayList<>(addresses);
        if (detour.isPresent()) {
            order.remove(detour.get());
            order.addFirst(detour.get());
        }
        return order;
    }

    private Facts facts(Bus connected) throws BusException {
        try {
            String type = "org.freedesktop.systemd1.Manager";
            String path = "/org/freedesktop/systemd1";
            String root = (String) property(connected, path, type, "ControlGroup");
            return new Facts(version((String) property(connected, path, type, "Version")), root.isEmpty() ? "/" : root);
        } catch (BusException e) {
            connected.close();
            throw e;
        }
    }

    /** Of words such as {@code 252.39-1~deb12u1}, {@code v245.4} or {@code 258~rc1}; 0 if it is none of these. */
    static int version(String words) {
        int version = 0;
        for (int i = words.startsWith("v") ? 1 : 0; i < words.length() && Character.isDigit(words.charAt(i)); i++) {
            version = version * 10 + words.charAt(i) - '0';
        }
        return version;
    }

    /** The object of a unit: all but letters and digits is escaped, and so is a digit in front. */
    static String pathOf(String unit) {
        var path = new StringBuilder(UNITS);
        byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char next = (char) (bytes[i] & 0xff);
            boolean digit = next >= '0' && next <= '9';
            if (next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z' || digit && i > 0) {
                path.append(next);
            } else {
                path.append('_').append(HexFormat.of().toHexDigits(bytes[i]));
            }
        }
        return path.toString();
    }

    /** systemd takes the id of an invocation in place of a unit's name, sd-bus and systemd 232 on. */
    private static String pathOfInvocation(String invocation) {
        return pathOf(invocation);
    }
}
