// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static final List<String> LINES = List.of("a", "b", "c");

    @Test
    void whatWasShownBeforeIsClearedLineByLine() {
        assertEquals("\033[Ha\033[K\nb\033[K\nc\033[K\n\033[J", Screen.next(LINES, 0, 80));
        assertEquals(Screen.next(LINES, 0, 80), Screen.next(LINES, 4, 80));
        assertEquals("\033[2J" + Screen.next(LINES, 4, 80), Screen.first(LINES, 4, 80));
    }

    @Test
    void linesThatHaveNoRoomAreCounted() {
        assertEquals("\033[Ha\033[K\n… 2 more\033[K\n\033[J", Screen.next(LINES, 3, 80));
        assertEquals("\033[H… 3 more\033[K\n\033[J", Screen.next(LINES, 1, 80));
    }

    @Test
    void noLineIsBrokenByTheTerminal() {
        List<String> lines = List.of("0123456789", "jrun: warning: a long one", "äöü𝄞äöü𝄞äöü");
        assertEquals("\033[H0123456789\033[K\njrun: war…\033[K\näöü𝄞äöü𝄞ä…\033[K\n\033[J", Screen.next(lines, 9, 10));
        assertTrue(Screen.next(lines, 9, 0).contains("a long one"));
    }
}
