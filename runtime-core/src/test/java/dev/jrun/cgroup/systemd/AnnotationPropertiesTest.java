// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnotationPropertiesTest {

    private static Annotations annotation(String name, String value) {
        return Annotations.of(Map.of("org.systemd.property." + name, value));
    }

    private static String text(List<UnitProperty> properties) {
        return properties.isEmpty()
                ? ""
                : properties.getFirst().name() + " " + properties.getFirst().signature() + " "
                        + properties.getFirst().value();
    }

    /** What CRI-O says, and what systemd.unit(5) calls otherwise than the bus does. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TimeoutStopUSec | uint64 1000000 | TimeoutStopUSec t 1000000",
                "TimeoutStopSec | uint64 10 | TimeoutStopUSec t 10000000",
                "TimeoutStopSec | 1.5 | TimeoutStopUSec t 1500000",
                "TimeoutStopSec | 3 | TimeoutStopUSec t 3000000",
                "DefaultDependencies | true | DefaultDependencies b true",
                "After | ['crio.service'] | After as [crio.service]",
                "CollectMode | 'inactive-or-failed' | CollectMode s inactive-or-failed",
            })
    void anAnnotationOfTheUnitItselfIsAProperty(String name, String value, String property) {
        Annotations annotations = annotation(name, value);
        assertEquals(property, text(AnnotationProperties.of(annotations)));
        assertEquals(List.of(), AnnotationProperties.withoutEffect(annotations));
        assertEquals(List.of(), AnnotationProperties.problems(annotations));
    }

    /** An image may say it: that a unit of the host is stopped, or that there is no limit. CVE-2024-3154 of CRI-O. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"Conflicts | ['sshd.service']", "MemoryMax | uint64 18446744073709551615", "KillMode | 'none'"})
    void whatReachesFurtherTakesTheCallersWord(String name, String value) {
        Annotations annotations = annotation(name, value);
        assertEquals(List.of(), AnnotationProperties.of(annotations));
        String warning =
                AnnotationProperties.withoutEffect(annotations).getFirst().in("config.json");
        assertTrue(warning.contains("to honour it, call jrun --allow-annotation org.systemd.property."), warning);
        Annotations allowed = annotations.allowing(List.of(Annotation.SYSTEMD_PROPERTY));
        assertEquals(name, AnnotationProperties.of(allowed).getFirst().name());
        assertEquals(List.of(), AnnotationProperties.withoutEffect(allowed));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TimeoutStopSec | 'soon' | seconds are a number",
                "TimeoutStopSec | -1 | seconds are not negative",
                "After | crio.service | is no value",
                "Ab | 1 | too short",
                "Kill_Mode | 'x' | letters of ASCII alone",
                "Slice | 'x.slice' | jrun's own to say",
                "PIDs | [uint32 1] | jrun's own to say",
                "Description | 'a\\u0000b' | no string has the character 0",
            })
    void whatIsNoPropertyIsAProblem(String name, String value, String reason) {
        String said = AnnotationProperties.problems(annotation(name, value))
                .getFirst()
                .in("config.json");
        assertTrue(said.startsWith("config.json#/annotations/org.systemd.property." + name), said);
        assertTrue(said.contains(reason), said);
    }

    @Test
    void otherAnnotationsAreOthers() {
        Annotations annotations = Annotations.of(Map.of("org.systemd.propertyX", "1", "a", "b"));
        assertEquals(List.of(), AnnotationProperties.problems(annotations));
        assertEquals(List.of(), AnnotationProperties.of(annotations));
    }
}
