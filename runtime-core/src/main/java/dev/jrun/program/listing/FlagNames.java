// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Names of numbers, as bits of a mask or one by one; taken from the constants of {@code dev.jrun.kernel}. */
final class FlagNames {

    private record Name(String text, long value) {}

    private final List<Name> names;

    private FlagNames(List<Name> names) {
        this.names = List.copyOf(names);
    }

    static FlagNames none() {
        return new FlagNames(List.of());
    }

    /** With the {@code long} constants of {@code holder} whose names begin with {@code prefix}. */
    FlagNames with(Class<?> holder, String prefix) {
        List<Name> more = new ArrayList<>(names);
        for (Field field : holder.getFields()) {
            if (field.getType() == long.class && field.getName().startsWith(prefix)) {
                more.add(new Name(field.getName(), valueOf(field)));
            }
        }
        return new FlagNames(more);
    }

    private static long valueOf(Field constant) {
        try {
            return constant.getLong(null);
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException(constant + " is not a public constant", e);
        }
    }

    FlagNames with(String name, long value) {
        List<Name> more = new ArrayList<>(names);
        more.add(new Name(name, value));
        return new FlagNames(more);
    }

    /** The name of {@code value}, or the number. */
    String single(long value) {
        for (Name name : names) {
            if (name.value() == value) {
                return name.text();
            }
        }
        return Long.toString(value);
    }

    /**
     * The names of the bits of {@code value} joined by {@code |}, the unknown ones in hexadecimal; {@code 0} if there
     * are none.
     */
    String combination(long value) {
        // What consists of several bits comes first, so that it is not taken apart.
        List<Name> widestFirst = new ArrayList<>(names);
        widestFirst.sort(Comparator.comparingInt((Name name) -> -Long.bitCount(name.value()))
                .thenComparing(Name::value, Long::compareUnsigned));
        List<String> parts = new ArrayList<>();
        long rest = value;
        for (Name name : widestFirst) {
            if (name.value() != 0 && (rest & name.value()) == name.value()) {
                parts.add(name.text());
                rest &= ~name.value();
            }
        }
        if (rest != 0) {
            parts.add("0x" + Long.toHexString(rest));
        }
        return parts.isEmpty() ? "0" : String.join("|", parts);
    }
}
