// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.Malloc;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Returns memory that calls have taken. When the young generation is collected, the data of many concurrent calls does
 * not fit into a survivor space. It moves to the old generation and soon is garbage there, which the JVM would leave
 * until the heap has reached its maximum. And malloc(3) keeps what the compiler has freed, for as long as the process
 * lives.
 */
final class MemoryReturn {

    /** One call after the other needs less, in bytes. */
    private static final long USUAL = 40L << 20;

    /**
     * Some large documents, in bytes; with more in use it is the calls that need it, and to look again and again would
     * cost them time.
     */
    private static final long MUCH = 192L << 20;

    private static final long PAUSE = 1_000_000_000L;

    /** A heap that nothing was promoted in is smaller, in bytes: less is not worth a collection. */
    private static final long SMALL = 14L << 20;

    /** After this long without a call, the next is not likely to wait for this. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final LongSupplier heap;
    private final LongSupplier clock;
    private final Runnable collection;
    private final Runnable trimming;
    private final AtomicLong limit = new AtomicLong(USUAL);
    private long last;
    private long afterIdle = SMALL;
    private boolean isTrimmed;

    MemoryReturn() {
        this(MemoryReturn::taken, System::nanoTime, System::gc, Malloc::trim);
    }

    /**
     * For tests.
     *
     * @param heap how much memory the heap has, in bytes
     * @param clock nanoseconds
     * @param collection of the heap
     * @param trimming of what malloc(3) keeps
     */
    MemoryReturn(LongSupplier heap, LongSupplier clock, Runnable collection, Runnable trimming) {
        this.heap = heap;
        this.clock = clock;
        this.collection = collection;
        this.trimming = trimming;
        this.last = clock.getAsLong() - PAUSE;
    }

    private static long taken() {
        return Runtime.getRuntime().totalMemory();
    }

    /** When a call is over: whoever made it does not wait for this. */
    void lookAfterCall() {
        long most = limit.get();
        // One thread at a time; the others go on.
        if (heap.getAsLong() <= most || !limit.compareAndSet(most, Long.MAX_VALUE)) {
            return;
        }
        long now = clock.getAsLong();
        if (now - last >= PAUSE) {
            collection.run();
            last = now;
            most = Math.clamp(2 * heap.getAsLong(), USUAL, MUCH);
        }
        limit.set(most);
    }

    /**
     * While no call is open: takes back what the last ones have left. What stays after that is in use, and is not
     * looked at again until there is more.
     *
     * @param idle the time since the last call
     */
    void lookWhileIdle(Duration idle) {
        if (idle.compareTo(IDLE) < 0) {
            isTrimmed = false;
            return;
        }
        if (heap.getAsLong() > afterIdle) {
            collection.run();
            afterIdle = Math.max(SMALL, heap.getAsLong());
            limit.set(Math.clamp(2 * afterIdle, USUAL, MUCH));
        }
        if (!isTrimmed) {
            trimming.run();
            isTrimmed = true;
        }
    }
}
