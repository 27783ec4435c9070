// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadedProgramsTest {
    private final LoadedPrograms programs = new LoadedPrograms();
    private final CyclicBarrier bothCompile = new CyclicBarrier(2);

    /** Both compilers wait for each other, so neither call may keep the other from compiling. */
    @Test
    void nobodyWaitsForTheCompilationOfAnothersRules() {
        FutureTask<Void> one = started(DevicePolicyTest.allow("b 8:0 r"));
        FutureTask<Void> other = started(DevicePolicyTest.allow("b 8:1 r"));

        assertCompiled(one);
        assertCompiled(other);
    }

    private FutureTask<Void> started(DeviceRule rule) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            programs.use(List.of(rule), this::compile, program -> {});
            return null;
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private byte[] compile(List<DeviceRule> rules) throws CgroupException {
        try {
            bothCompile.await(20, TimeUnit.SECONDS);
        } catch (Exception alone) {
            throw new IllegalStateException("the other call does not compile", alone);
        }
        throw new CgroupException("compiled");
    }

    private static void assertCompiled(FutureTask<Void> task) {
        ExecutionException end = assertThrows(ExecutionException.class, task::get);
        assertThrows(CgroupException.class, () -> {
            throw end.getCause();
        });
    }
}
