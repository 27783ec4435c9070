// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** Unmodifiable copies that, unlike {@link java.util.Map#copyOf}, keep the order. */
public final class Maps {
    private Maps() {}

    public static <V> SequencedMap<String, V> empty() {
        return Collections.emptyNavigableMap();
    }

    static <V> SequencedMap<String, V> copyOf(SequencedMap<String, V> map) {
        if (map.isEmpty()) {
            return empty();
        }
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
    }
}
