// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.CreateProgram;
import dev.jrun.launch.KernelCalls;
import dev.jrun.launch.LaunchRequest;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** A launch program in the making, beside the state and the cgroups that it will need when it runs. */
final class Compilation {

    private final FutureTask<CreateProgram> task;

    private Compilation(FutureTask<CreateProgram> task) {
        this.task = task;
    }

    static Compilation start(LaunchRequest request, Machine machine, KernelCalls kernel, Executor executor) {
        var task = new FutureTask<>(() -> {
            CreateProgram create = new CreateProgram(request, machine, kernel);
            create.program().encode(machine);
            return create;
        });
        executor.execute(task);
        return new Compilation(task);
    }

    /** Waits for the program. */
    CreateProgram result() {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a launch program was made", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot make the launch program: " + e.getCause(), e.getCause());
        }
    }
}
