// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.program.SessionBrokenException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallTest {

    private static final byte[] PAYLOAD = Bytes.call(42, "abc").array();

    @Test
    void holdsWhatTheShimSays() throws Exception {
        Call call = Call.decode(PAYLOAD);
        assertEquals(
                new Call(
                        42,
                        022,
                        6,
                        24,
                        80,
                        "/opt/jrun",
                        "abc",
                        "/tmp/bündel",
                        List.of("state", "x"),
                        Map.of("A", "1", "B", "b=c")),
                call);
        assertFalse(call.isTerminal(0));
        assertTrue(call.isTerminal(1));
        assertTrue(call.isTerminal(2));
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < PAYLOAD.length; length++) {
            byte[] cut = Arrays.copyOf(PAYLOAD, length);
            assertThrows(SessionBrokenException.class, () -> Call.decode(cut), () -> cut.length + " bytes");
        }
    }

    @Test
    void extraBytesAreRefused() {
        assertThrows(SessionBrokenException.class, () -> Call.decode(Arrays.copyOf(PAYLOAD, PAYLOAD.length + 1)));
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] other = PAYLOAD.clone();
        other[0] = 2;
        assertThrows(SessionBrokenException.class, () -> Call.decode(other));
    }

    @Test
    void aCountThatCannotBeTrueTakesNoMemory() {
        byte[] payload = new Bytes()
                .number(Call.FORMAT_VERSION)
                .number(1)
                .number(0)
                .number(0)
                .number(0)
                .number(0)
                .string("")
                .string("")
                .string("")
                .number(Integer.MAX_VALUE)
                .array();
        assertThrows(SessionBrokenException.class, () -> Call.decode(payload));
    }
}
