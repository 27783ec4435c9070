// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.call.LinuxCalls;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTest {

    private static final String BEHIND_NAME =
            " %c 1 42 42 0 -1 %d 101 0 0 0 0 0 0 0 20 0 %d 0 987654321 2355200 150 18446744073709551615 1 1 0 0 0\n";

    private static ProcessStat stat(String name, char state, long flags) {
        return stat(name, state, flags, 1);
    }

    private static ProcessStat stat(String name, char state, long flags, long threads) {
        return ProcessStat.parse("42 (" + name + ")" + BEHIND_NAME.formatted(state, flags, threads), new BootClock(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "", " ", ")", "(", ") R 1 2 3 4 5 6 7", "a) Z 0 (b", "\n", "1 2 3", "))))", "ä"})
    void theCommandsNameDoesNotMatter(String name) {
        assertEquals(new ProcessStat('S', 4194560, 1, 987654321), stat(name, 'S', 4194560));
    }

    @Test
    void zombiesAndTheDeadHaveEnded() {
        assertTrue(stat("sh", 'Z', 0).isDead());
        assertTrue(stat("sh", 'X', 0).isDead());
        for (char state : "RSDTtIP".toCharArray()) {
            assertFalse(stat("sh", state, 0).isDead());
        }
    }

    @Test
    void aProcessLivesOnWithoutItsMainThread() {
        assertFalse(stat("java", 'Z', 0, 2).isDead());
        assertFalse(stat("java", 'X', 0, 2).isDead());
        assertTrue(stat("java", 'Z', 0, 0).isDead());
    }

    @Test
    void theKernelSaysWhetherAProcessHasExecuted() {
        assertTrue(stat("jrun", 'S', 0x40).hasNotExecuted());
        assertTrue(stat("jrun", 'Z', 0x400140).hasNotExecuted());
        assertFalse(stat("sh", 'S', 0x400100).hasNotExecuted());
    }

    /** Whoever has its pid by now has another. */
    @Test
    void onlyAProcessThatIsThereHasANumber() throws Exception {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        assertEquals(LinuxCalls.pidfdNumber((int) self.pid()), self.pidfdNumber());
        var earlier = new ProcessIdentity(self.pid(), self.startTime() - 2, self.scope());
        assertEquals(OptionalLong.empty(), earlier.pidfdNumber());
    }

    @Test
    void thisProcessLives() throws Exception {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        assertTrue(self.isAlive());
        assertFalse(new ProcessIdentity(self.pid(), self.startTime() + 2, self.scope()).isAlive());
        assertEquals(Optional.empty(), new ProcessIdentity(self.pid(), self.startTime() - 2, self.scope()).stat());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aStartThatMayBeRoundedOtherwiseIsNoAnswer(int ticks) throws Exception {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        var other = new ProcessIdentity(self.pid(), self.startTime() + ticks, self.scope());
        assertTrue(assertThrows(ContainerException.class, other::isAlive)
                .getMessage()
                .startsWith("cannot find out whether process " + self.pid()));
    }

    @Test
    void noProcessHasPidZeroOrTooLargeAPid() throws Exception {
        assertEquals(Optional.empty(), ProcessStat.read(0));
        assertEquals(Optional.empty(), ProcessStat.read(1L << 40));
    }
}
