// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalTest {

    @ParameterizedTest
    @CsvSource({
        "TERM, 15",
        "SIGTERM, 15",
        "sigterm, 15",
        "Kill, 9",
        "KILL, 9",
        "9, 9",
        "09, 9",
        "1, 1",
        "64, 64",
        "HUP, 1",
        "USR1, 10",
        "USR2, 12",
        "STKFLT, 16",
        "CHLD, 17",
        "CLD, 17",
        "WINCH, 28",
        "IO, 29",
        "POLL, 29",
        "PWR, 30",
        "SYS, 31",
        "ABRT, 6",
        "IOT, 6",
        "RTMIN, 34",
        "SIGRTMIN, 34",
        "rtmin+0, 34",
        "SIGRTMIN+3, 37",
        "RTMIN+30, 64",
        "RTMAX, 64",
        "SIGRTMAX-14, 50",
        "RTMAX-30, 34",
    })
    void understandsNamesAndNumbers(String text, int number) {
        assertEquals(Optional.of(new Signal(number)), Signal.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "65",
                "-9",
                "+9",
                "999999999999",
                "٩",
                "SIG",
                "SIGSIGTERM",
                "TERM ",
                "NONE",
                "RTMIN+31",
                "RTMAX-31",
                "RTMIN-1",
                "RTMAX+1",
                "RTMIN+",
                "RTMIN+1x",
                "RTMIN+100",
                "RT",
                "9.0",
                "0x9"
            })
    void understandsNothingElse(String text) {
        assertEquals(Optional.empty(), Signal.parse(text));
    }

    @Test
    void everySignalIsFoundByItsName() {
        for (int number = 1; number <= 64; number++) {
            if (number != 32 && number != 33) {
                Signal signal = new Signal(number);
                assertEquals(Optional.of(signal), Signal.parse(signal.signalName()));
            }
        }
    }

    @Test
    void signalsOfTheCLibraryHaveNumbersForNames() {
        assertEquals("SIG32", new Signal(32).signalName());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65, -1})
    void hasANumberInRange(int number) {
        assertThrows(IllegalArgumentException.class, () -> new Signal(number));
    }
}
