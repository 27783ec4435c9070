// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.ProgramSize;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Config;
import java.time.Duration;

/**
 * Limits how much of an engine's heap its calls may take together, by what each may need: a document has values and
 * problems many times its own length, and leads to an even larger program. A call with memory to plan a launch waits
 * for no other; a call that reads waits only for those; a call that executes or shows waits only for those that read.
 * So all make progress. Who reads or plans has his share while the engine is busy with that, and not while a shim, a
 * hook or a reader takes his time.
 */
public final class CallMemory {

    /** A document of two bytes for each value takes so much for each byte. */
    private static final int READING_PER_BYTE = 100;

    /** What is kept of a document for each byte of it, itself among it, while a launch goes on. */
    private static final int CONFIGURATION_PER_BYTE = 9;

    /** A string of the state is put together from parts, and then kept. */
    private static final int STATE_PER_BYTE = 5;

    /** That string, once it is there. */
    private static final int SHOWN_PER_BYTE = 2;

    /** Nobody has so many of them read at a time that this matters, nor is to wait for who reads a large one. */
    private static final int SMALL_STATE = 1 << 16;

    /** What an exec comes to whose documents are small: its program, most of all. */
    private static final int SMALLEST_EXEC = 256 << 10;

    /**
     * A row of what a container uses: its numbers, its line while that is put together and printed, and what the next
     * call is told.
     */
    private static final int ROW_OF_USE = 3 << 10;

    private static final int FOR_READING = 70 << 20;
    private static final int FOR_PLANNING = 80 << 20;
    private static final int FOR_EXECUTING = 30 << 20;
    private static final int FOR_SHOWING = 30 << 20;
    private static final int FOR_CONFIGURATIONS = 20 << 20;

    /** A document is read and its launch planned in less than a tenth of a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final MemoryBudget reading = new MemoryBudget(FOR_READING, PATIENCE);
    private final MemoryBudget planning = new MemoryBudget(FOR_PLANNING, PATIENCE);
    private final MemoryBudget executing = new MemoryBudget(FOR_EXECUTING, PATIENCE);
    private final MemoryBudget showing = new MemoryBudget(FOR_SHOWING, PATIENCE);
    private final MemoryBudget configurations = new MemoryBudget(FOR_CONFIGURATIONS, PATIENCE);

    /** What it takes to read this document. */
    public MemoryBudget.Share toRead(byte[] document) throws SessionBrokenException {
        return toRead(document.length);
    }

    /**
     * What it takes to read documents of so many bytes together. Whoever reads several takes it once, and so never
     * waits for itself.
     */
    public MemoryBudget.Share toRead(long bytes) throws SessionBrokenException {
        return reading.take(bytes * READING_PER_BYTE);
    }

    /** What it takes to read a container's state of so many bytes with its annotations, and to keep these. */
    public MemoryBudget.Share toReadState(long length) throws SessionBrokenException {
        return length <= SMALL_STATE ? reading.nothing() : reading.take(length * STATE_PER_BYTE);
    }

    /** The same for a call that cannot be begun anew elsewhere. */
    public MemoryBudget.Share toReadStateAtLast(long length) throws ContainerException {
        return length <= SMALL_STATE ? reading.nothing() : reading.takeAtLast(length * STATE_PER_BYTE);
    }

    /**
     * What it takes to keep what was read of such a state while it is shown, for as long as whoever it is shown to
     * likes. Nobody else waits for that but who shows one as well.
     */
    public MemoryBudget.Share toShowState(long length) throws SessionBrokenException {
        return length <= SMALL_STATE ? showing.nothing() : showing.take(length * SHOWN_PER_BYTE);
    }

    /**
     * What it takes to look at what so many containers use, and to show that. Others wait for it as for
     * {@link #toShowState}.
     */
    public MemoryBudget.Share toShowUse(long containers) throws SessionBrokenException {
        return showing.take(containers * ROW_OF_USE);
    }

    /** What it takes to plan the launch that this document asks for, and to keep the plan until a shim has it. */
    public MemoryBudget.Share toPlan(byte[] document, Config config) throws SessionBrokenException {
        return planning.take(ProgramSize.bytes(config) + (long) document.length * CONFIGURATION_PER_BYTE);
    }

    /**
     * What of that is still needed while the shim has it, until the container's state is complete: its annotations,
     * most of all.
     */
    static long whileLaunched(int document) {
        return document <= SMALL_STATE ? 0 : (long) document * STATE_PER_BYTE;
    }

    /**
     * What it takes to have at hand the configuration of a container in which something is executed, before it is known
     * what it comes to. Whoever has it waits for all others, and none of them for this.
     */
    public MemoryBudget.Share toHoldConfiguration(long length) throws SessionBrokenException {
        return length <= SMALL_STATE ? configurations.nothing() : configurations.take(length);
    }

    /**
     * What it takes to keep the limits that a document of so many bytes asks for, until a container has them. Others
     * wait for it as for that.
     */
    public MemoryBudget.Share toHoldLimits(long length) throws SessionBrokenException {
        return length <= SMALL_STATE ? configurations.nothing() : configurations.take(length * CONFIGURATION_PER_BYTE);
    }

    /**
     * What an exec keeps until its process executes, which the container can put off for as long as it likes: it may
     * stop or freeze the process. Whoever has it waits only for those who read.
     *
     * @param bytes the length of the documents that say what is executed
     */
    public MemoryBudget.Share toExecute(long bytes) throws SessionBrokenException {
        return executing.take(SMALLEST_EXEC + bytes * CONFIGURATION_PER_BYTE);
    }
}
