// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RunnableThreadsTest {

    @Test
    void isWhatTheFileSaysBeforeTheSlash() throws IOException {
        assertEquals(3, RunnableThreads.count("0.20 0.18 0.12 3/80 11206\n"));
        assertEquals(1234, RunnableThreads.count("900.00 0.18 0.12 1234/8000 11206\n"));
    }

    @Test
    void whatIsNotUnderstoodIsNotTakenForANumber() {
        for (String loadavg : new String[] {"", "/", "0.20 0.18 0.12", "0.20 0.18 0.12 x/80 1\n"}) {
            assertThrows(IOException.class, () -> RunnableThreads.count(loadavg), loadavg);
        }
    }

    @Test
    void aThreadThatWaitsForNothingIsOne() throws Exception {
        var over = new AtomicBoolean();
        Thread busy = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                Thread.onSpinWait();
            }
        });
        try {
            assertTrue(RunnableThreads.count() >= 2, "this one and the other");
        } finally {
            over.set(true);
            busy.join();
        }
    }
}
