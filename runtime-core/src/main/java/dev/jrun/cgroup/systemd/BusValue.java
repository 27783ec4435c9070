// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.types.UInt16;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/** Values as the library takes them for a signature: "Type System" of the D-Bus specification. */
final class BusValue {

    private BusValue() {}

    /** The arguments of a call, one for each complete type of the signature. */
    static Object[] all(String signature, Object... values) {
        List<Object> all = new ArrayList<>(values.length);
        int at = 0;
        for (Object value : values) {
            int end = end(signature, at);
            all.add(of(signature.substring(at, end), value));
            at = end;
        }
        return all.toArray();
    }

    /** One value of a complete type. */
    static Object of(String signature, Object value) {
        return switch (signature.charAt(0)) {
            case 't' -> new UInt64(Long.toUnsignedString((Long) value));
            case 'u' -> new UInt32(Integer.toUnsignedString((Integer) value));
            case 'q' -> new UInt16(Short.toUnsignedInt((Short) value));
            case 'v' -> variant((UnitProperty) value);
            case 'a' -> array(signature.substring(1), (List<?>) value);
            case '(' -> all(signature.substring(1, signature.length() - 1), members(value));
            default -> value;
        };
    }

    private static Variant<Object> variant(UnitProperty property) {
        return new Variant<>(of(property.signature(), property.value()), property.signature());
    }

    /** A property is a structure of its name and its value. */
    private static Object[] members(Object value) {
        return value instanceof UnitProperty property
                ? new Object[] {property.name(), property}
                : ((List<?>) value).toArray();
    }

    private static Object array(String element, List<?> values) {
        if (element.equals("y")) {
            byte[] bytes = new byte[values.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (Byte) values.get(i);
            }
            return bytes;
        }
        Object[] all = new Object[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = of(element, values.get(i));
        }
        return all;
    }

    /** A value of the library's as {@link UnitProperty} has it. */
    static Object from(String signature, Object value) {
        return switch (signature.charAt(0)) {
            case 't' -> Long.parseUnsignedLong(value.toString());
            case 'u' -> Integer.parseUnsignedInt(value.toString());
            case 'q' -> (short) Integer.parseInt(value.toString());
            case 'a' -> fromList(signature.substring(1), value);
            case '(' -> fromMembers(signature.substring(1, signature.length() - 1), value);
            default -> value;
        };
    }

    private static List<Object> fromList(String element, Object value) {
        List<Object> all = new ArrayList<>();
        if (value instanceof byte[] bytes) {
            for (byte each : bytes) {
                all.add(each);
            }
            return all;
        }
        for (Object each : value instanceof Object[] array ? List.of(array) : (List<?>) value) {
            all.add(from(element, each));
        }
        return all;
    }

    private static List<Object> fromMembers(String signature, Object value) {
        List<Object> all = new ArrayList<>();
        int at = 0;
        for (Object each : value instanceof Object[] array ? List.of(array) : (List<?>) value) {
            int end = end(signature, at);
            all.add(from(signature.substring(at, end), each));
            at = end;
        }
        return all;
    }

    /** Where the complete type ends that begins at {@code start}. */
    static int end(String signature, int start) {
        int at = start;
        while (signature.charAt(at) == 'a') {
            at++;
        }
        int depth = 0;
        do {
            char next = signature.charAt(at++);
            if (next == '(' || next == '{') {
                depth++;
            } else if (next == ')' || next == '}') {
                depth--;
            }
        } while (depth > 0);
        return at;
    }
}
