// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;

/**
 * {@code org.systemd.property.NAME} of a container's annotations: properties of its unit, as runc and crun have them.
 * An image may have said them, and some of what systemd can be told starts or stops other units, or lifts limits. So
 * those that say no more than how the unit itself is started and stopped have an effect, and all others where the
 * caller allows it.
 */
public final class AnnotationProperties {

    private static final String PREFIX = "org.systemd.property.";
    private static final long MICROSECONDS = 1_000_000;
    private static final int SHORTEST_NAME = 3;

    /** Of the unit alone; what CRI-O says is among them. */
    private static final Set<String> HARMLESS = Set.of(
            "After",
            "CollectMode",
            "DefaultDependencies",
            "Description",
            "Documentation",
            "OOMPolicy",
            "SendSIGHUP",
            "TimeoutStopUSec",
            "RuntimeMaxUSec");

    /** What makes the unit the container's, and whose processes it has, is not for others to say. */
    private static final Set<String> OWN = Set.of("Delegate", "PIDFDs", "PIDs", "Slice");

    private AnnotationProperties() {}

    /** What is wrong with those of a configuration. */
    public static List<Problem> problems(Annotations annotations) {
        List<Problem> problems = new ArrayList<>();
        for (Entry<String, String> annotation : annotations.all().entrySet()) {
            if (annotation.getKey().startsWith(PREFIX)) {
                try {
                    property(annotation);
                } catch (VariantText.Malformed e) {
                    problems.add(problem(annotation, e.getMessage()));
                }
            }
        }
        return problems;
    }

    /** Those that have no effect, since nobody allows it. */
    public static List<Problem> withoutEffect(Annotations annotations) {
        List<Problem> without = new ArrayList<>();
        for (Entry<String, String> annotation : annotations.all().entrySet()) {
            if (annotation.getKey().startsWith(PREFIX) && !mayHaveEffect(annotations, nameOf(annotation.getKey()))) {
                without.add(new Problem(
                        "/annotations/" + annotation.getKey(),
                        "",
                        "ignored, since it may come from the image; to honour it, call jrun --allow-annotation "
                                + Annotation.SYSTEMD_PROPERTY.key(),
                        Optional.empty()));
            }
        }
        return without;
    }

    /** Those that are to have an effect. */
    static List<UnitProperty> of(Annotations annotations) {
        List<UnitProperty> properties = new ArrayList<>();
        for (Entry<String, String> annotation : annotations.all().entrySet()) {
            if (annotation.getKey().startsWith(PREFIX) && mayHaveEffect(annotations, nameOf(annotation.getKey()))) {
                try {
                    properties.add(property(annotation));
                } catch (VariantText.Malformed refused) {
                    // The check of the configuration has said so.
                    continue;
                }
            }
        }
        return properties;
    }

    private static boolean mayHaveEffect(Annotations annotations, String name) {
        return HARMLESS.contains(name) || annotations.allowed().contains(Annotation.SYSTEMD_PROPERTY);
    }

    private static Problem problem(Entry<String, String> annotation, String message) {
        return new Problem(
                "/annotations/" + annotation.getKey(), '"' + annotation.getValue() + '"', message, Optional.empty());
    }

    private static UnitProperty property(Entry<String, String> annotation) throws VariantText.Malformed {
        String given = annotation.getKey().substring(PREFIX.length());
        checkName(given);
        VariantText.Typed value = VariantText.parse(annotation.getValue());
        return isInSeconds(given)
                ? UnitProperty.number(nameOf(annotation.getKey()), microseconds(value))
                : new UnitProperty(given, value.signature(), value.value());
    }

    private static void checkName(String name) throws VariantText.Malformed {
        if (name.length() < SHORTEST_NAME) {
            throw new VariantText.Malformed("\"" + name + "\" is too short for the name of a property");
        }
        if (OWN.contains(name)) {
            throw new VariantText.Malformed("the property " + name + " is jrun's own to say");
        }
        for (char next : name.toCharArray()) {
            if (next >= 128 || !Character.isLetter(next)) {
                throw new VariantText.Malformed(
                        "the name of a property has letters of ASCII alone, not '" + next + "'");
            }
        }
    }

    /** Unit files have seconds where the bus has microseconds. */
    private static boolean isInSeconds(String name) {
        return name.length() > 3 && name.endsWith("Sec") && Character.isLowerCase(name.charAt(name.length() - 4));
    }

    private static String nameOf(String key) {
        String name = key.substring(PREFIX.length());
        return isInSeconds(name) ? name.substring(0, name.length() - 3) + "USec" : name;
    }

    private static long microseconds(VariantText.Typed seconds) throws VariantText.Malformed {
        return switch (seconds.signature()) {
            case "t" ->
                Long.compareUnsigned((Long) seconds.value(), Long.MAX_VALUE / MICROSECONDS) > 0
                        ? UnitProperty.INFINITY
                        : (Long) seconds.value() * MICROSECONDS;
            case "u" -> Integer.toUnsignedLong((Integer) seconds.value()) * MICROSECONDS;
            case "i", "n", "x", "d" -> signed(((Number) seconds.value()).doubleValue());
            case "q" -> Short.toUnsignedLong((Short) seconds.value()) * MICROSECONDS;
            case "y" -> Byte.toUnsignedLong((Byte) seconds.value()) * MICROSECONDS;
            default -> throw new VariantText.Malformed("seconds are a number");
        };
    }

    private static long signed(double seconds) throws VariantText.Malformed {
        if (!(seconds >= 0)) {
            throw new VariantText.Malformed("seconds are not negative");
        }
        return (long) (seconds * MICROSECONDS);
    }
}
