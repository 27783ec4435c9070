// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryReturnTest {

    private static final long MEGABYTE = 1L << 20;
    private static final long SECOND = 1_000_000_000L;

    private long heap = 20 * MEGABYTE;
    private long needed = 20 * MEGABYTE;
    private long now;
    private int collections;
    private int trimmings;
    private final MemoryReturn tested = new MemoryReturn(() -> heap, () -> now, this::collect, () -> trimmings++);

    private void collect() {
        collections++;
        heap = needed;
    }

    private int collectionsAfterLook() {
        tested.lookAfterCall();
        return collections;
    }

    @Test
    void collectsOnlyWhatIsWorthIt() {
        heap = 40 * MEGABYTE;
        assertEquals(0, collectionsAfterLook());
        heap = 41 * MEGABYTE;
        assertEquals(1, collectionsAfterLook());
        assertEquals(20 * MEGABYTE, heap);
    }

    @Test
    void doesSoNowAndThen() {
        heap = 70 * MEGABYTE;
        assertEquals(1, collectionsAfterLook());
        heap = 70 * MEGABYTE;
        now += SECOND - 1;
        assertEquals(1, collectionsAfterLook());
        now += 1;
        assertEquals(2, collectionsAfterLook());
    }

    @Test
    void leavesWhatIsNeeded() {
        heap = needed = 80 * MEGABYTE;
        assertEquals(1, collectionsAfterLook());
        now += SECOND;
        heap = 150 * MEGABYTE;
        assertEquals(1, collectionsAfterLook());
        heap = 170 * MEGABYTE;
        assertEquals(2, collectionsAfterLook());
    }

    @Test
    void findsBackFromLargeDocuments() {
        heap = needed = 250 * MEGABYTE;
        assertEquals(1, collectionsAfterLook());
        needed = 20 * MEGABYTE;
        now += SECOND;
        assertEquals(2, collectionsAfterLook());
        assertEquals(20 * MEGABYTE, heap);
    }

    private int collectionsAfter(Duration idle) {
        tested.lookWhileIdle(idle);
        return collections;
    }

    @Test
    void takesBackFromAnIdleEngineWhatCallsHaveLeft() {
        heap = 30 * MEGABYTE;
        needed = 15 * MEGABYTE;
        assertEquals(0, collectionsAfter(Duration.ofSeconds(4)));
        assertEquals(1, collectionsAfter(Duration.ofSeconds(5)));
        assertEquals(15 * MEGABYTE, heap);
        assertEquals(1, collectionsAfter(Duration.ofSeconds(10)));
    }

    @Test
    void looksAtAnIdleEngineAgainOnlyWhenItHasMore() {
        heap = needed = 30 * MEGABYTE;
        assertEquals(1, collectionsAfter(Duration.ofSeconds(5)));
        assertEquals(1, collectionsAfter(Duration.ofSeconds(10)));
        heap = 32 * MEGABYTE;
        assertEquals(2, collectionsAfter(Duration.ofSeconds(5)));
    }

    private int trimmingsAfter(Duration idle) {
        tested.lookWhileIdle(idle);
        return trimmings;
    }

    @Test
    void takesBackOnceAnIdleTimeWhatTheCLibraryKeeps() {
        assertEquals(0, trimmingsAfter(Duration.ofSeconds(4)));
        assertEquals(1, trimmingsAfter(Duration.ofSeconds(9)));
        assertEquals(1, trimmingsAfter(Duration.ofSeconds(14)));
        assertEquals(1, trimmingsAfter(Duration.ofSeconds(1)));
        assertEquals(2, trimmingsAfter(Duration.ofSeconds(6)));
    }
}
