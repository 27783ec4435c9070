// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.util.List;

/**
 * A property of a unit, as a unit is started with it, or gets it later.
 *
 * @param signature its type, "Type System" of the D-Bus specification
 * @param value of that type: Boolean, String, Double, a number ({@code y} Byte, {@code i} and {@code u} Integer,
 *     {@code x} and {@code t} Long, unsigned where the type is), and lists of these for arrays and structures
 */
public record UnitProperty(String name, String signature, Object value) {

    /** No limit, to systemd. */
    static final long INFINITY = -1;

    static UnitProperty truth(String name, boolean value) {
        return new UnitProperty(name, "b", value);
    }

    static UnitProperty text(String name, String value) {
        return new UnitProperty(name, "s", value);
    }

    /** @param value unsigned */
    static UnitProperty number(String name, long value) {
        return new UnitProperty(name, "t", value);
    }

    static UnitProperty bytes(String name, List<Byte> value) {
        return new UnitProperty(name, "ay", value);
    }

    static UnitProperty pids(long pid) {
        return new UnitProperty("PIDs", "au", List.of((int) pid));
    }
}
