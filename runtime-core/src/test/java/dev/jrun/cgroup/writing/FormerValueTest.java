// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FormerValueTest {

    @Test
    void aWholeFileIsWhatItSaid() {
        assertEquals("max 100000", FormerValue.WHOLE.in("max 100000"));
    }

    /** write(2) of nothing does nothing. */
    @Test
    void nothingIsAnEmptyLine() {
        assertEquals("\n", FormerValue.WHOLE.in(""));
    }

    @Test
    void ofADeviceItIsItsLine() {
        FormerValue former = FormerValue.line("8:1", "8:1 0");
        assertEquals("8:1 5", former.in("8:0 7\n8:1 5\n8:16 9"));
        assertEquals("8:1 0", former.in("8:0 7\n8:16 9"));
        assertEquals("8:1 0", former.in("8:10 7"));
        assertEquals("8:1 0", former.in(""));
    }

    @Test
    void ofAKeyItIsItsValue() {
        FormerValue former = FormerValue.valueOf("oom_kill_disable");
        assertEquals("1", former.in("oom_kill_disable 1\nunder_oom 0\noom_kill 3"));
    }
}
