// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteTextTest {

    private static String text(int... values) {
        byte[] bytes = new byte[values.length + 2];
        for (int i = 0; i < values.length; i++) {
            bytes[i + 1] = (byte) values[i];
        }
        return ByteText.of(bytes, 1, values.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/run/jrun", "bündel", "容器", "📦", "a\uFFFDb", "\uFFFD"})
    void utf8IsText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(text, ByteText.of(bytes, 0, bytes.length));
        assertTrue(ByteText.isUtf8(text));
        assertArrayEquals(bytes, ByteText.bytes(text));
    }

    @Test
    void differentBytesAreDifferentTexts() {
        assertNotEquals(text('a', 0xff), text('a', 0xfe));
        assertNotEquals(text('a', 0xc3), text('a', 0xef, 0xbf, 0xbd));
        assertEquals("a\uDCFFb", text('a', 0xff, 'b'));
        assertFalse(ByteText.isUtf8(text('a', 0xff)));
        // What others take for a surrogate is none in UTF-8.
        assertEquals("\uDCED\uDCB2\uDCBF", text(0xed, 0xb2, 0xbf));
    }

    @Test
    void theBytesCanBeHadBack() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int j = 0; j < bytes.length; j++) {
                int[] likely = {'a', 0xc3, 0xa4, 0xf0, 0x9f, 0x93, 0xa6, 0xed, 0xb2, 0xef, 0xbf, 0xbd, 0xff};
                bytes[j] = (byte) (random.nextBoolean() ? likely[random.nextInt(likely.length)] : random.nextInt(256));
            }
            assertArrayEquals(bytes, ByteText.bytes(ByteText.of(bytes, 0, bytes.length)));
        }
    }
}
