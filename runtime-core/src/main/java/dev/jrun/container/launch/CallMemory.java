// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.launch.ProgramSize;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.spec.Config;
import java.time.Duration;

/**
 * How much of an engine's heap its calls may take together, by what each may come to: a document has values and problems many times its
 * own length, and leads to a program that is larger still. Who has memory to plan a launch waits for no other, and who reads waits only
 * for those, so that all get on.
 */
public final class CallMemory {

    /** A document of two bytes for each value takes so much for each byte. */
    private static final int READING_PER_BYTE = 100;

    /** What is kept of a document for each byte of it, itself among it, while a launch goes on. */
    private static final int CONFIGURATION_PER_BYTE = 9;

    /** A string of the state is put together from parts, and then kept. */
    private static final int STATE_PER_BYTE = 5;

    /** Nobody has so many of them read at a time that this matters, nor is to wait for who reads a large one. */
    private static final int SMALL_STATE = 1 << 16;

    private static final int FOR_READING = 80 << 20;
    private static final int FOR_PLANNING = 90 << 20;

    /** A document is read and its launch planned in less than a tenth of a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final MemoryBudget reading = new MemoryBudget(FOR_READING, PATIENCE);
    private final MemoryBudget planning = new MemoryBudget(FOR_PLANNING, PATIENCE);

    /** What it takes to read this document. */
    public MemoryBudget.Share toRead(byte[] document) throws SessionBrokenException {
        return reading.take((long) document.length * READING_PER_BYTE);
    }

    /** What it takes to read a container's state of so many bytes with its annotations, and to keep these. */
    public MemoryBudget.Share toReadState(long length) throws SessionBrokenException {
        return length <= SMALL_STATE ? reading.nothing() : reading.take(length * STATE_PER_BYTE);
    }

    /** What it takes to plan the launch that this document asks for, and to keep the plan until the container runs. */
    public MemoryBudget.Share toPlan(byte[] document, Config config) throws SessionBrokenException {
        return planning.take(ProgramSize.bytes(config) + (long) document.length * CONFIGURATION_PER_BYTE);
    }
}
