// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.UnreadableStateException;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.SessionBrokenException;
import java.util.Optional;

/**
 * A container with everything that its hooks, and the agent that answers notifications of its seccomp filter, are told
 * about it. Its annotations may be megabytes. So they are read only for these, with a share of the engine's memory, and
 * forgotten as soon as the program that tells them has been sent, since the listener may take as long as it likes.
 */
public final class ToldContainer implements AutoCloseable {

    private final MemoryBudget.Share share;
    private ContainerRecord container;

    private ToldContainer(ContainerRecord container, MemoryBudget.Share share) {
        this.container = container;
        this.share = share;
    }

    /**
     * The container, before anything is done that a shim could not begin anew.
     *
     * @param found its record, without annotations
     * @throws SessionBrokenException if other calls take the engine's memory for too long
     */
    public static ToldContainer of(CallMemory memory, StateStore store, ContainerRecord found)
            throws ContainerException, SessionBrokenException {
        return read(store, found, memory.toReadState(store.length(found.id())));
    }

    /**
     * The same for its poststop hooks; nothing more is read of a container that has none.
     *
     * @throws SessionBrokenException if other calls take the engine's memory for too long
     */
    public static ToldContainer ofEnding(CallMemory memory, StateStore store, ContainerRecord found)
            throws ContainerException, SessionBrokenException {
        return found.description().hooks().poststop().isEmpty()
                ? new ToldContainer(found, memory.toReadState(0))
                : of(memory, store, found);
    }

    /**
     * The container, where all else has been done: others are waited for as long as it may take them.
     *
     * @param found its record, without annotations
     * @throws ContainerException also if other calls take the engine's memory
     */
    public static ToldContainer atLast(CallMemory memory, StateStore store, ContainerRecord found)
            throws ContainerException {
        return read(store, found, memory.toReadStateAtLast(store.length(found.id())));
    }

    private static ToldContainer read(StateStore store, ContainerRecord found, MemoryBudget.Share share)
            throws ContainerException {
        var told = new ToldContainer(found, share);
        try {
            told.container = whole(store, found);
            return told;
        } catch (ContainerException | RuntimeException | Error e) {
            told.close();
            throw e;
        }
    }

    /** With its annotations, if it is there still, and they can be read. */
    private static ContainerRecord whole(StateStore store, ContainerRecord found) throws ContainerException {
        try {
            Optional<ContainerRecord> whole = store.findWhole(found.id());
            return whole.isPresent() && whole.get().isOfSameMaking(found) ? whole.get() : found;
        } catch (UnreadableStateException e) {
            if (e.isTorn()) {
                return found;
            }
            throw e;
        }
    }

    public ContainerRecord container() {
        return container;
    }

    /** Forgets what is large of it, and leaves the memory to others. */
    @Override
    public void close() {
        container = container.withoutWhatIsTold();
        share.close();
    }
}
