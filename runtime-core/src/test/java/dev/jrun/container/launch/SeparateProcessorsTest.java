// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.container.SilentSession;
import dev.jrun.kernel.call.Affinity;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeparateProcessorsTest {

    /** In the shim's place; it waits for input. */
    private Process shim;

    private BitSet own;

    @BeforeEach
    void startShim() throws Exception {
        own = Affinity.of(0);
        assumeTrue(own.cardinality() > 1, "there is one processor");
        shim = new ProcessBuilder("cat").start();
    }

    @AfterEach
    void endShim() throws InterruptedException {
        if (shim != null) {
            shim.destroy();
            shim.waitFor();
        }
    }

    private BitSet ofShim() throws LinuxException {
        return Affinity.of((int) shim.pid());
    }

    private SeparateProcessors with(Session session, SeparateProcessors.IdleProcessors idle) {
        return SeparateProcessors.with((int) shim.pid(), session, idle);
    }

    /** Of a shim that has ended, and whose number another process has by now. */
    @Test
    void aProcessThatIsNotTheShimLosesNoProcessor() throws Exception {
        try (SeparateProcessors side = with(SilentSession.ofGoneShim(), _ -> true)) {
            BitSet before = ofShim();
            assertThrows(SessionBrokenException.class, side::parting);
            assertEquals(before, ofShim());
        }
    }

    @Test
    void theShimIsWokenElsewhere() throws Exception {
        try (SeparateProcessors side = with(new SilentSession(), _ -> true)) {
            BitSet before = ofShim();
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(before.cardinality() - 1, ofShim().cardinality());
        }
    }

    /** It would wait there for its turn, and the kernel may know a better place by then. */
    @Test
    void whereAllProcessorsAreBusyTheKernelChooses() throws Exception {
        try (SeparateProcessors side = with(new SilentSession(), _ -> false)) {
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(own, ofShim());
            assertEquals(own, Affinity.of(0));
        }
    }

    @Test
    void onceAllProcessorsAreBusyTheEngineMayRunAnywhereAgain() throws Exception {
        var idle = new AtomicBoolean(true);
        try (SeparateProcessors side = with(new SilentSession(), _ -> idle.get())) {
            side.parting();
            idle.set(false);
            assertEquals(WakeupAffinity.ELSEWHERE, side.parting());
            assertEquals(own, Affinity.of(0));
        }
    }

    @Test
    void theEngineMayRunAnywhereAfterwards() throws Exception {
        try (SeparateProcessors side = with(new SilentSession(), _ -> true)) {
            side.parting();
            assertEquals(1, Affinity.of(0).cardinality());
        }
        assertEquals(own, Affinity.of(0));
    }
}
