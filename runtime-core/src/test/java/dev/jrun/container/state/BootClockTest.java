// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootClockTest {

    private static final BigInteger TICK = BigInteger.valueOf(10_000_000);

    private static BootClock clock(long seconds, int nanoseconds) throws IOException {
        return BootClock.parse(
                "monotonic        1000         5\nboottime   %10d %9d\n".formatted(seconds, nanoseconds));
    }

    /** As the kernel does it, {@code fs/proc/array.c}: nanoseconds in 64 bits without a sign, and then ticks. */
    private static long shown(long start, long seconds, int nanoseconds) {
        return BigInteger.valueOf(start)
                .add(BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(1_000_000_000)))
                .add(BigInteger.valueOf(nanoseconds))
                .mod(BigInteger.TWO.pow(64))
                .divide(TICK)
                .longValueExact();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100000, 0", "-3, 0", "8640000, 10000000", "-4, 990000000"})
    void startsAreTheSameInEveryTimeNamespace(long seconds, int nanoseconds) throws IOException {
        for (long start : new long[] {5_000_000_000L, 5_009_999_999L, 987_654_321_123_456_789L}) {
            assertEquals(start / 10_000_000, clock(seconds, nanoseconds).byFirst(shown(start, seconds, nanoseconds)));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "1000, 999999999", "-1, 5", "-100, 0", "-1000000, 1"})
    void orOneTickOffWhereTheKernelRoundsOtherwise(long seconds, int nanoseconds) throws IOException {
        for (long start : new long[] {0, 5_000_000_000L, 5_009_999_999L, 77_777_777_777L}) {
            assertEquals(
                    start / 10_000_000, clock(seconds, nanoseconds).byFirst(shown(start, seconds, nanoseconds)), 1);
        }
    }

    @Test
    void offsetsWithoutThisClockAreNoAnswer() {
        assertThrows(IOException.class, () -> BootClock.parse("monotonic 0 0\n"));
    }
}
