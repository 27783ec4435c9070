// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What other processes bring about a little later, but soon. */
public final class Eventually {

    /** More on a machine that is emulated beside other work, which says so. */
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("jrun.test.patience", 20));

    private static final long PAUSE_MILLISECONDS = 10;

    private Eventually() {}

    public static void isTrue(String what, BooleanSupplier condition) {
        isEqual(what, true, condition::getAsBoolean);
    }

    /** What is much work may take longer on a machine that is busy with other things. */
    public static void isTrueWithin(Duration limit, String what, BooleanSupplier condition) {
        isEqualWithin(limit, what, true, condition::getAsBoolean);
    }

    public static <T> void isEqual(String what, T expected, Supplier<T> found) {
        isEqualWithin(LIMIT, what, expected, found);
    }

    public static <T> void isEqualWithin(Duration limit, String what, T expected, Supplier<T> found) {
        long deadline = System.nanoTime() + limit.toNanos();
        T last = found.get();
        while (!expected.equals(last) && System.nanoTime() < deadline) {
            try {
                Thread.sleep(PAUSE_MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            last = found.get();
        }
        assertEquals(expected, last, what);
    }
}
