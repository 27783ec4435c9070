// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.OptionalLong;

/**
 * Whole numbers from a least to a greatest one.
 *
 * @param min least
 * @param max greatest; unsigned if {@code min} is not negative
 */
public record Range(long min, long max) {
    public static final Range UINT16 = new Range(0, 0xffff);
    public static final Range UINT32 = new Range(0, 0xffff_ffffL);
    /** User and group ids: the greatest uint32 is (uid_t) -1, which setresuid(2) takes for "as it is". */
    public static final Range ID = new Range(0, 0xffff_fffeL);

    public static final Range UINT64 = new Range(0, -1);
    public static final Range INT64 = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

    public boolean includes(long value) {
        return min < 0
                ? value >= min && value <= max
                : Long.compareUnsigned(value, min) >= 0 && Long.compareUnsigned(value, max) <= 0;
    }

    /**
     * The number, if it is whole, written without fraction and exponent (as Go's encoding/json wants it), and in here.
     */
    public OptionalLong parse(String number) {
        try {
            long value = min < 0 ? Long.parseLong(number) : Long.parseUnsignedLong(number);
            return includes(value) ? OptionalLong.of(value) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String toString() {
        return "a whole number from %s to %s".formatted(min, min < 0 ? Long.toString(max) : Long.toUnsignedString(max));
    }
}
