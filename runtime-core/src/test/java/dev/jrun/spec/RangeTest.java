// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeTest {
    @Test
    void theEndsAreInTheRange() {
        assertEquals(OptionalLong.of(0), Range.UINT32.parse("0"));
        assertEquals(OptionalLong.of(4294967295L), Range.UINT32.parse("4294967295"));
        assertEquals(OptionalLong.of(-1), Range.UINT64.parse("18446744073709551615"));
        assertEquals(OptionalLong.of(Long.MIN_VALUE), Range.INT64.parse("-9223372036854775808"));
        assertEquals(OptionalLong.of(Long.MAX_VALUE), Range.INT64.parse("9223372036854775807"));
    }

    @Test
    void whatIsBeyondIsNot() {
        assertEquals(OptionalLong.empty(), Range.UINT32.parse("-1"));
        assertEquals(OptionalLong.empty(), Range.UINT32.parse("4294967296"));
        assertEquals(OptionalLong.empty(), Range.UINT64.parse("18446744073709551616"));
        assertEquals(OptionalLong.empty(), Range.INT64.parse("9223372036854775808"));
        assertEquals(OptionalLong.empty(), new Range(-1, 5).parse("-2"));
        assertEquals(OptionalLong.empty(), new Range(1, 5).parse("0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e3", "-0", "1E0"})
    void onlyWholeNumbersWrittenAsSuchAre(String number) {
        assertEquals(OptionalLong.empty(), Range.UINT64.parse(number));
    }
}
