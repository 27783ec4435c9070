// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.container.SilentSession;
import dev.jrun.kernel.call.Affinity;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.SessionBrokenException;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class SeparateProcessorsTest {

    /** Of a shim that has ended, and whose number another process has by now. */
    @Test
    void aProcessThatIsNotTheShimLosesNoProcessor() throws Exception {
        assumeTrue(Affinity.of(0).cardinality() > 1, "there is one processor");
        Process other = new ProcessBuilder("cat").start();
        try (SeparateProcessors side = SeparateProcessors.with((int) other.pid(), SilentSession.ofGoneShim())) {
            BitSet before = Affinity.of((int) other.pid());
            assertThrows(SessionBrokenException.class, side::parting);
            assertEquals(before, Affinity.of((int) other.pid()));
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    @Test
    void theShimIsWokenElsewhere() throws Exception {
        assumeTrue(Affinity.of(0).cardinality() > 1, "there is one processor");
        Process shim = new ProcessBuilder("cat").start();
        try (SeparateProcessors side = SeparateProcessors.with((int) shim.pid(), new SilentSession())) {
            BitSet before = Affinity.of((int) shim.pid());
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(before.cardinality() - 1, Affinity.of((int) shim.pid()).cardinality());
        } finally {
            shim.destroy();
            shim.waitFor();
        }
    }
}
