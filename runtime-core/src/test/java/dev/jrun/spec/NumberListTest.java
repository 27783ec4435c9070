// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class NumberListTest {

    @Test
    void isAMaskInWords() {
        assertArrayEquals(new long[] {0b1000_1111}, NumberList.of("0-3, 7").words());
        assertArrayEquals(new long[] {0, 0b11}, NumberList.of("64,65,64-65").words());
        assertArrayEquals(new long[] {Long.MIN_VALUE, 1}, NumberList.of("63-64").words());
    }

    /** The most that a kernel is built for. */
    @Test
    void hasRoomForEightThousandProcessors() {
        long[] words = NumberList.of("1023-1024,8191").words();

        assertEquals(128, words.length);
        assertEquals(Long.MIN_VALUE, words[15]);
        assertEquals(1, words[16]);
        assertEquals(Long.MIN_VALUE, words[127]);
        assertThrows(IllegalArgumentException.class, () -> NumberList.of("8192"));
    }

    @Test
    void isNothingElse() {
        assertThrows(IllegalArgumentException.class, () -> NumberList.of("none"));
    }
}
