// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.program.SessionBrokenException;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemoryBudgetTest {

    private static final int ALL = 1 << 20;

    private final MemoryBudget impatient = new MemoryBudget(ALL, Duration.ZERO);

    @Test
    void whoWouldWaitTooLongIsSentAway() throws Exception {
        try (var _ = impatient.take(ALL / 2)) {
            assertThrows(SessionBrokenException.class, () -> impatient.take(ALL / 2));
            impatient.take(ALL / 4).close();
        }
        impatient.take(ALL / 2).close();
    }

    @Test
    void whatASingleCallNeedsAtMostThereIs() throws Exception {
        try (var _ = impatient.take(Long.MAX_VALUE)) {
            assertThrows(SessionBrokenException.class, () -> impatient.take(1));
        }
    }

    @Test
    void aShareIsGivenBackOnce() throws Exception {
        MemoryBudget.Share share = impatient.take(ALL / 2);
        share.close();
        share.close();
        try (var _ = impatient.take(Long.MAX_VALUE)) {
            assertThrows(SessionBrokenException.class, () -> impatient.take(1));
        }
    }

    @Test
    void whatIsNotNeededAnyMoreOthersHave() throws Exception {
        try (MemoryBudget.Share share = impatient.take(ALL)) {
            share.keepOnly(ALL / 2);
            impatient.take(ALL / 4).close();
            assertThrows(SessionBrokenException.class, () -> impatient.take(ALL / 2));
            share.keepOnly(Long.MAX_VALUE);
            impatient.take(ALL / 4).close();
            share.keepOnly(0);
            impatient.take(ALL).close();
        }
        impatient.take(ALL).close();
    }

    @Test
    @Timeout(30)
    void whoCannotBeSentAwayIsMorePatient() throws Exception {
        MemoryBudget.Share all = impatient.take(ALL);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> {
                impatient.takeAtLast(ALL).close();
                return "had it";
            });
            assertThrows(SessionBrokenException.class, () -> impatient.take(ALL));
            all.close();
            assertEquals("had it", waiting.get());
        }
    }

    @Test
    @Timeout(30)
    void othersWaitForAWhile() throws Exception {
        var budget = new MemoryBudget(ALL, Duration.ofDays(1));
        MemoryBudget.Share all = budget.take(ALL);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> {
                budget.take(ALL).close();
                return "had it";
            });
            all.close();
            assertEquals("had it", waiting.get());
        }
    }
}
