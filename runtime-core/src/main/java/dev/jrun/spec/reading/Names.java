// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The names that the values of an enumeration have in JSON. */
final class Names<T> {
    private final Map<String, T> byName = new LinkedHashMap<>();

    private Names() {}

    /** Constants that are named as in the specification. */
    static <E extends Enum<E>> Names<E> of(E[] constants) {
        return of(constants, Enum::name);
    }

    static <E extends Enum<E>> Names<E> of(E[] constants, Function<E, String> nameOf) {
        Names<E> names = new Names<>();
        for (E constant : constants) {
            names.byName.put(nameOf.apply(constant), constant);
        }
        return names;
    }

    /** These names and another one for one of the values. */
    Names<T> and(String name, T value) {
        Names<T> names = new Names<>();
        names.byName.putAll(byName);
        names.byName.put(name, value);
        return names;
    }

    Optional<T> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Any of the values, to go on with after a problem. */
    T any() {
        return byName.values().iterator().next();
    }

    Collection<String> all() {
        return byName.keySet();
    }
}
