// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LifetimeTest {

    @Test
    void anIdleEngineEnds() throws Exception {
        var lifetime = new Lifetime(Duration.ofMillis(1));
        while (!lifetime.isEndingWithin(Duration.ofMillis(1))) {}
        assertFalse(lifetime.enter());
    }

    @Test
    void anOpenCallKeepsItAlive() throws Exception {
        var lifetime = new Lifetime(Duration.ZERO);
        assertTrue(lifetime.enter());
        assertFalse(lifetime.isEndingWithin(Duration.ofMillis(1)));
        lifetime.leave();
        assertTrue(lifetime.isEndingWithin(Duration.ofMillis(1)));
    }

    @Test
    void anEngineThatWasToldToEndAwaitsItsLastCall() throws Exception {
        var lifetime = new Lifetime(Lifetime.UNLIMITED);
        lifetime.enter();
        lifetime.end();
        assertTrue(lifetime.isEndingWithin(Lifetime.UNLIMITED));
        var waiting = new Thread(() -> {
            try {
                lifetime.awaitLastCall();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        waiting.start();
        lifetime.leave();
        waiting.join();
        assertEquals(0, lifetime.open());
    }
}
