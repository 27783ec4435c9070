// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static final List<String> LINES = List.of("a", "b", "c");

    @Test
    void whatWasShownBeforeIsClearedLineByLine() {
        assertEquals("\033[Ha\033[K\nb\033[K\nc\033[K\n\033[J", Screen.next(LINES, 0));
        assertEquals(Screen.next(LINES, 0), Screen.next(LINES, 4));
        assertEquals("\033[2J" + Screen.next(LINES, 4), Screen.first(LINES, 4));
    }

    @Test
    void linesThatHaveNoRoomAreCounted() {
        assertEquals("\033[Ha\033[K\n… 2 more\033[K\n\033[J", Screen.next(LINES, 3));
        assertEquals("\033[H… 3 more\033[K\n\033[J", Screen.next(LINES, 1));
    }
}
