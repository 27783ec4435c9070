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
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class SeparateProcessorsTest {

    /** Of a shim that has ended, and whose number another process has by now. */
    @Test
    void aProcessThatIsNotTheShimLosesNoProcessor() throws Exception {
        assumeTrue(Affinity.of(0).cardinality() > 1, "there is one processor");
        Process other = new ProcessBuilder("cat").start();
        try (SeparateProcessors side =
                SeparateProcessors.with((int) other.pid(), SilentSession.ofGoneShim(), _ -> true)) {
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
        try (SeparateProcessors side = SeparateProcessors.with((int) shim.pid(), new SilentSession(), _ -> true)) {
            BitSet before = Affinity.of((int) shim.pid());
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(before.cardinality() - 1, Affinity.of((int) shim.pid()).cardinality());
        } finally {
            shim.destroy();
            shim.waitFor();
        }
    }

    /** It would wait there for its turn, and the kernel may know a better place by then. */
    @Test
    void whereAllProcessorsAreBusyTheKernelChooses() throws Exception {
        assumeTrue(Affinity.of(0).cardinality() > 1, "there is one processor");
        Process shim = new ProcessBuilder("cat").start();
        BitSet own = Affinity.of(0);
        try (SeparateProcessors side = SeparateProcessors.with((int) shim.pid(), new SilentSession(), _ -> false)) {
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(own, Affinity.of((int) shim.pid()));
            assertEquals(own, Affinity.of(0));
        } finally {
            shim.destroy();
            shim.waitFor();
        }
    }

    @Test
    void onceAllProcessorsAreBusyTheEngineMayRunAnywhereAgain() throws Exception {
        assumeTrue(Affinity.of(0).cardinality() > 1, "there is one processor");
        Process shim = new ProcessBuilder("cat").start();
        BitSet own = Affinity.of(0);
        var idle = new AtomicBoolean(true);
        try (SeparateProcessors side =
                SeparateProcessors.with((int) shim.pid(), new SilentSession(), _ -> idle.get())) {
            side.parting();
            idle.set(false);
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(own, Affinity.of(0));
        } finally {
            shim.destroy();
            shim.waitFor();
        }
    }

    @Test
    void theEngineMayRunAnywhereAfterwards() throws Exception {
        assumeTrue(Affinity.of(0).cardinality() > 1, "there is one processor");
        Process shim = new ProcessBuilder("cat").start();
        BitSet own = Affinity.of(0);
        try (SeparateProcessors side = SeparateProcessors.with((int) shim.pid(), new SilentSession(), _ -> true)) {
            side.parting();
            assertEquals(1, Affinity.of(0).cardinality());
        } finally {
            shim.destroy();
            shim.waitFor();
        }
        assertEquals(own, Affinity.of(0));
    }
}
