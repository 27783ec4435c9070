// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.container.InitSignal;
import dev.jrun.container.SilentSession;
import dev.jrun.container.launch.EngineSignaller;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.kernel.Signal;
import dev.jrun.launch.part.KernelCalls;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * A living process, of which a record says that it was in another start of the machine, or in another pid namespace.
 */
class PidScopeTest {

    private final Process process;
    private final ProcessIdentity here;

    PidScopeTest() throws IOException, ContainerException {
        process = new ProcessBuilder("cat").start();
        here = ProcessIdentity.of(process.pid()).orElseThrow();
    }

    @AfterEach
    void end() throws InterruptedException, IOException {
        assertTrue(process.isAlive());
        process.getOutputStream().close();
        assertEquals(0, process.waitFor());
    }

    private ProcessIdentity of(String boot, String namespace) {
        return new ProcessIdentity(here.pid(), here.startTime(), new PidScope(boot, namespace));
    }

    @Test
    void inTheSameItIsTheSame() throws Exception {
        assertTrue(here.isAlive());
        assertTrue(here.mayBeSignalled());
        assertFalse(here.scope().boot().isEmpty());
        assertFalse(here.scope().namespace().isEmpty());
    }

    @Test
    void noProcessOutlivesAStartOfTheMachine() throws Exception {
        ProcessIdentity past = of("a start long ago", here.scope().namespace());
        assertFalse(past.isAlive());
        assertEquals(Optional.empty(), past.stat());
        assertFalse(past.mayBeSignalled());
        new EngineSignaller().kill(past);
        assertFalse(new InitSignal(new SilentSession(), KernelCalls.all()).send(past, Signal.KILL));
    }

    @Test
    void aPidOfAnotherNamespaceIsNoAnswerAndGetsNoSignal() {
        ProcessIdentity other = of(here.scope().boot(), "4:1");
        for (var use : List.<Executable>of(
                other::isAlive,
                other::stat,
                other::mayBeSignalled,
                () -> new EngineSignaller().kill(other),
                () -> new InitSignal(new SilentSession(), KernelCalls.all()).send(other, Signal.KILL))) {
            String message = assertThrows(ContainerException.class, use).getMessage();
            assertTrue(message.startsWith("cannot find out whether process " + here.pid() + " is alive: "), message);
        }
    }

    /** Such a version took each pid for its caller's. */
    @Test
    void whatAnOlderVersionHasRecordedStaysUsable() throws Exception {
        assertTrue(of("", "").isAlive());
        assertTrue(of(here.scope().boot(), "").isAlive());
        assertFalse(of("a start long ago", "").isAlive());
    }
}
