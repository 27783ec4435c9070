// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.kernel.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineSignallerTest {

    private static final int KILLED = 128 + 9;

    private final Process process;

    EngineSignallerTest() throws IOException {
        process = new ProcessBuilder("cat").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly().onExit().join();
    }

    @Test
    void theProcessIsKilled() throws Exception {
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
        new EngineSignaller().kill(identity);
        assertEquals(KILLED, process.waitFor());
        new EngineSignaller().kill(identity);
    }

    @Test
    void whoeverHasItsPidByNowIsNot() throws Exception {
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();
        new EngineSignaller().kill(new ProcessIdentity(identity.pid(), identity.startTime() - 100, identity.scope()));
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
        assertTrue(ProcessIdentity.of(identity.pid()).isEmpty());
    }

    @Test
    void aMemberIsKilled() throws Exception {
        int pid = (int) process.pid();
        new EngineSignaller().send(Signal.KILL, List.of(pid), () -> Set.of(pid));
        assertEquals(KILLED, process.waitFor());
        new EngineSignaller().send(Signal.KILL, List.of(pid), () -> Set.of(pid));
    }

    /** It may have the pid of one that has ended since it was listed. */
    @Test
    void whoIsNoMemberIsNot() throws Exception {
        new EngineSignaller().send(Signal.KILL, List.of((int) process.pid()), Set::of);
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
    }
}
