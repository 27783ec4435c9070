// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> NAMES = List.of("ro", "nosuid", "nodev", "relatime", "norelatime");

    @ParameterizedTest
    @CsvSource({
        "nosuid, nosuid, 0",
        "nosuid, NOSUID, 0",
        "nosiud, nosuid, 1",
        "nosui, nosuid, 1",
        "nossuid, nosuid, 1",
        "nosuit, nosuid, 1",
        "ab, ba, 1",
        "abc, ca, 3",
        "'', abc, 3",
        "abc, '', 3",
    })
    void distanceCountsMistakes(String left, String right, int distance) {
        assertEquals(distance, Spelling.distance(left, right));
    }

    @ParameterizedTest
    @CsvSource({"nosiud, nosuid", "nosdev, nodev", "realtime, relatime", "norealtime, norelatime", "RO, ro"})
    void theNearestNameIsFound(String name, String nearest) {
        assertEquals(Optional.of(nearest), Spelling.nearest(name, NAMES));
    }

    @ParameterizedTest
    @CsvSource({"rw", "noexec", "size=5m", "''"})
    void aNameThatIsFarFromAllHasNone(String name) {
        assertEquals(Optional.empty(), Spelling.nearest(name, NAMES));
    }

    @Test
    void aVeryLongNameIsNotCompared() {
        assertEquals(Optional.empty(), Spelling.nearest("a".repeat(1_000_000), List.of("a".repeat(999_999))));
    }
}
