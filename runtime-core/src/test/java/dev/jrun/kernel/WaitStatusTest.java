// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WaitStatusTest {
    @Test
    void aProcessThatEndedByItselfHasItsExitCode() {
        assertEquals(0, new WaitStatus(0xff00).signal());
        assertEquals(255, new WaitStatus(0xff00).exitCode());
    }

    @Test
    void aSignalIsAbove128WithAndWithoutACore() {
        assertEquals(9, new WaitStatus(9).signal());
        assertEquals(137, new WaitStatus(9).exitCode());
        assertEquals(139, new WaitStatus(11 | 0x80).exitCode());
    }
}
