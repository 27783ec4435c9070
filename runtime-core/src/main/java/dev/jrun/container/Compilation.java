// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.CreateProgram;
import dev.jrun.launch.KernelCalls;
import dev.jrun.launch.LaunchRequest;
import dev.jrun.program.ProgramTooLargeException;
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
            CreateProgram create = compile(request, machine, kernel);
            create.program().encode(machine);
            return create;
        });
        executor.execute(task);
        return new Compilation(task);
    }

    /**
     * A launch program.
     *
     * @throws ContainerException if it would be larger than a shim takes
     */
    static CreateProgram compile(LaunchRequest request, Machine machine, KernelCalls kernel) throws ContainerException {
        try {
            return new CreateProgram(request, machine, kernel);
        } catch (ProgramTooLargeException e) {
            throw new ContainerException("config.json: it leads to a launch program of " + e.getMessage(), e);
        }
    }

    /**
     * Waits for the program.
     *
     * @throws ContainerException as {@link #compile}
     */
    CreateProgram result() throws ContainerException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a launch program was made", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ContainerException known) {
                throw known;
            }
            throw new IllegalStateException("cannot make the launch program: " + e.getCause(), e.getCause());
        }
    }
}
