// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code annotations} of a configuration. An engine may pass on an image's, as Podman does, so they do not speak
 * for the caller: those that grant rights or touch the host have an effect only if the caller allows them.
 *
 * @param all in the order of the document
 * @param allowed which the caller allows to take effect
 */
public record Annotations(Map<String, String> all, List<Annotation> allowed) {

    public static final Annotations NONE = of(Map.of());

    public Annotations {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
        allowed = List.copyOf(allowed);
    }

    /** None of these is allowed that takes it. */
    public static Annotations of(Map<String, String> all) {
        return new Annotations(all, List.of());
    }

    /** The same, of which the caller allows these. */
    public Annotations allowing(List<Annotation> keys) {
        return keys.isEmpty() ? this : new Annotations(all, keys);
    }

    /** The value, if it is to take effect. */
    public Optional<String> value(Annotation annotation) {
        return annotation.takesAllowance() && !allowed.contains(annotation)
                ? Optional.empty()
                : Optional.ofNullable(all.get(annotation.key()));
    }

    /** Whether something is asked for that is there or not: with any value but "0", as in crun; even the empty one. */
    public boolean isOn(Annotation annotation) {
        Optional<String> value = value(annotation);
        return value.isPresent() && !value.get().equals("0");
    }

    /** Those that are there and take no effect. */
    public List<Annotation> withoutEffect() {
        List<Annotation> without = new ArrayList<>();
        for (Annotation annotation : Annotation.values()) {
            if (all.containsKey(annotation.key()) && value(annotation).isEmpty()) {
                without.add(annotation);
            }
        }
        return without;
    }
}
