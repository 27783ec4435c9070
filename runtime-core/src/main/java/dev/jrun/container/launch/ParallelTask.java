// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.lifecycle.ContainerException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work that another thread may take over if a processor is free. If none has done so by the time the result is needed,
 * it is done then.
 */
final class ParallelTask implements AutoCloseable {

    private final FutureTask<Void> task;
    private final AtomicBoolean taken = new AtomicBoolean();

    private ParallelTask(Work work) {
        this.task = new FutureTask<>(() -> {
            work.perform();
            return null;
        });
    }

    /** What there is to do. */
    @FunctionalInterface
    interface Work {
        void perform() throws ContainerException;
    }

    /** @param others who may take it over */
    static ParallelTask offer(Work work, Executor others) {
        var errand = new ParallelTask(work);
        others.execute(errand::take);
        return errand;
    }

    private void take() {
        if (taken.compareAndSet(false, true)) {
            task.run();
        }
    }

    /** Makes sure that it is done. */
    void finish() throws ContainerException {
        take();
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while another thread did a part of a launch", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ContainerException known) {
                throw known;
            }
            throw new IllegalStateException("a part of a launch failed: " + e.getCause(), e.getCause());
        }
    }

    /** Makes sure that nobody is at it any more. If nobody has begun, it is not done. */
    @Override
    public void close() {
        if (taken.compareAndSet(false, true)) {
            return;
        }
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // Who needs it has been told.
        }
    }
}
