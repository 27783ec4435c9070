// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Go's time.ParseDuration says of the same. */
class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "+0, 0",
        "1ns, 1",
        "1us, 1000",
        "1µs, 1000",
        "1μs, 1000",
        "1.5ms, 1500000",
        ".5s, 500000000",
        "1.s, 1000000000",
        "1h2m3s4ms, 3723004000000",
        "+5s, 5000000000",
        "-1m30s, -90000000000",
        "1.9ns, 1",
        "2562047h47m16.854775807s, 9223372036854775807"
    })
    void numbersHaveUnits(String text, long nanoseconds) {
        assertEquals(Optional.of(Duration.ofNanos(nanoseconds)), GoDuration.parse(text));
    }

    /** Of so many parts, the thread's stack has no room for a match. */
    @Test
    void aLongTextIsNone() {
        assertEquals(Optional.empty(), GoDuration.parse("1ns".repeat(30_000)));
        assertEquals(Optional.of(Duration.ofNanos(33)), GoDuration.parse("1ns".repeat(33)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "s", ".s", "1 s", "1d", "1S", "--1s", "5s-", "2562047h47m16.854775808s", "1e3s"})
    void whatIsNoDurationIsNone(String text) {
        assertEquals(Optional.empty(), GoDuration.parse(text));
    }
}
