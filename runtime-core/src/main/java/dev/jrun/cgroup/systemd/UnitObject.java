// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;

/**
 * A unit, as systemd shows it over one connection. org.freedesktop.systemd1(5).
 *
 * @param limit how long systemd may take to answer
 * @param path of the object
 */
record UnitObject(Bus connection, Duration limit, String path) {

    private static final String UNITS = "/org/freedesktop/systemd1/unit/";
    private static final String UNIT = "org.freedesktop.systemd1.Unit";
    private static final String SCOPE = "org.freedesktop.systemd1.Scope";
    private static final String JOB = "org.freedesktop.systemd1.Job";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    private static final String NO_SUCH_UNIT = "org.freedesktop.systemd1.NoSuchUnit";
    private static final String NO_SUCH_INVOCATION = "org.freedesktop.systemd1.NoUnitForInvocationID";
    private static final String UNKNOWN_OBJECT = "org.freedesktop.DBus.Error.UnknownObject";

    /** The one that has this name now; there may be none. */
    static UnitObject named(String name, Bus connection, Duration limit) {
        return new UnitObject(connection, limit, pathOf(name));
    }

    /** The one of this start, whatever has its name now: systemd takes the id in place of a name, 232 on. */
    static UnitObject started(String invocation, Bus connection, Duration limit) {
        return new UnitObject(connection, limit, pathOf(invocation));
    }

    /** This start of it, whatever has its name from now on; empty if it does not run. */
    Optional<UnitObject> itsStart() throws BusException {
        String invocation = invocation();
        return invocation.isEmpty() ? Optional.empty() : Optional.of(started(invocation, connection, limit));
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

    /** Whether it is said that there is no such unit, or none any more. */
    static boolean isGone(BusException.Refused refused) {
        return refused.is(NO_SUCH_UNIT) || refused.is(NO_SUCH_INVOCATION) || refused.is(UNKNOWN_OBJECT);
    }

    /** ActiveState; {@code inactive} also of a name that no unit has. */
    String state() throws BusException {
        return (String) property(UNIT, "ActiveState");
    }

    /** Which start of it this is; empty if it does not run. */
    String invocation() throws BusException {
        return HexFormat.of().formatHex(bytes(property(UNIT, "InvocationID")));
    }

    /** Its cgroup, as {@code /proc/PID/cgroup} has it. */
    String controlGroup() throws BusException {
        return (String) property(SCOPE, "ControlGroup");
    }

    /** Whether any process is in its cgroup or below it. */
    boolean hasProcesses() throws BusException {
        try {
            return !((List<?>) connection.call(path, SCOPE, "GetProcesses", limit, "")[0]).isEmpty();
        } catch (BusException.Refused refused) {
            if (isGone(refused)) {
                return false;
            }
            throw refused;
        }
    }

    Object scopeProperty(String name) throws BusException {
        return property(SCOPE, name);
    }

    private Object property(String type, String name) throws BusException {
        Object answer = connection.call(path, PROPERTIES, "Get", limit, "ss", type, name)[0];
        return ((Variant<?>) answer).getValue();
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

    /** Gives it these properties, until it ends. */
    void set(List<UnitProperty> properties) throws BusException {
        connection.call(path, UNIT, "SetProperties", limit, "ba(sv)", true, properties);
    }

    /** Has one forgotten that has failed. */
    void resetFailed() throws BusException {
        try {
            connection.call(path, UNIT, "ResetFailed", limit, "");
        } catch (BusException.Refused gone) {
            if (gone.isAbsence()) {
                throw gone;
            }
        }
    }

    /**
     * Has it stopped, which kills what is in it.
     *
     * @return the job that does it
     */
    String stop() throws BusException {
        return connection.call(path, UNIT, "Stop", limit, "s", "replace")[0].toString();
    }

    /** Has a job given up that takes too long: else it would do what was asked for when nobody expects it any more. */
    void cancel(String job) {
        try {
            connection.call(job, JOB, "Cancel", limit, "");
        } catch (BusException e) {
            // It has ended, or systemd cannot be asked any more.
            return;
        }
    }
}
