// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BusValueTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("t", UnitProperty.INFINITY),
                Arguments.of("t", 5L),
                Arguments.of("u", -1),
                Arguments.of("q", (short) -1),
                Arguments.of("s", "text"),
                Arguments.of("b", true),
                Arguments.of("ay", List.of((byte) 3, (byte) -128)),
                Arguments.of("ay", List.of()),
                Arguments.of("as", List.of("a", "b")),
                Arguments.of("a(st)", List.of(List.of("/dev/block/8:0", 5L), List.of("/dev/block/8:1", -1L))));
    }

    /** What systemd says that a property is can be set again. */
    @ParameterizedTest
    @MethodSource("values")
    void whatIsReadIsWhatWasSet(String signature, Object value) {
        assertEquals(value, BusValue.from(signature, BusValue.of(signature, value)));
    }

    @Test
    void eachArgumentHasItsPartOfTheSignature() {
        assertArrayEquals(new Object[] {"unit", true}, BusValue.all("sb", "unit", true));
        assertEquals(2, BusValue.end("asb", 0));
        assertEquals(8, BusValue.end("a(sa(b))x", 0));
    }
}
