// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.container.lifecycle.ContainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ParallelTaskTest {

    private static final Executor NOBODY = _ -> {};
    private static final Executor AT_ONCE = Runnable::run;

    private final List<String> done = new ArrayList<>();

    @Test
    void whatNobodyTakesIsDoneWhenItIsNeeded() throws ContainerException {
        try (var errand = ParallelTask.offer(() -> done.add("errand"), NOBODY)) {
            done.add("before");
            errand.finish();
        }
        assertEquals(List.of("before", "errand"), done);
    }

    @Test
    void whatAnotherHasDoneIsNotDoneAgain() throws ContainerException {
        try (var errand = ParallelTask.offer(() -> done.add("errand"), AT_ONCE)) {
            errand.finish();
        }
        assertEquals(List.of("errand"), done);
    }

    @Test
    void whatIsNotNeededAnyMoreIsNotBegun() {
        List<Runnable> late = new ArrayList<>();
        try (var _ = ParallelTask.offer(() -> done.add("errand"), late::add)) {
            done.add("failed");
        }
        late.getFirst().run();
        assertEquals(List.of("failed"), done);
    }

    @Test
    void whatHasBegunIsWaitedFor() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        try (var _ = ParallelTask.offer(
                () -> {
                    begun.countDown();
                    await(goOn);
                    done.add("errand");
                },
                work -> new Thread(work).start())) {
            begun.await();
            goOn.countDown();
        }
        assertEquals(List.of("errand"), done);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFailureIsThatOfWhoNeedsIt() {
        for (Executor executor : List.of(NOBODY, AT_ONCE)) {
            var errand = ParallelTask.offer(
                    () -> {
                        throw new ContainerException("no room");
                    },
                    executor);
            assertEquals(
                    "no room",
                    assertThrows(ContainerException.class, errand::finish).getMessage());
            errand.close();
        }
    }
}
