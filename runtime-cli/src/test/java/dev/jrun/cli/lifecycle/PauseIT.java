// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** pause and resume. */
class PauseIT extends RealContainers {

    private static final int PROCESSES = 300;

    private String startSleeping(OciRuntime runtime) {
        String id = sandbox.newId();
        runtime.call(
                        "run",
                        "--detach",
                        "--bundle",
                        sandbox.bundle().runs("sleep", "1000").path(),
                        id)
                .succeeds();
        return id;
    }

    @Test
    void aPausedContainerDoesNothingUntilItIsResumed() {
        Bundle bundle =
                sandbox.bundle().runsScript("trap 'echo told; exit 5' USR1; echo ready; while :; do sleep 0.1; done");
        String id = sandbox.newId();
        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isEqual("output", "ready\n", run::outputSoFar);

        jrun.call("pause", id).succeeds();
        assertEquals("paused", jrun.status(id));
        jrun.call("kill", id, "USR1").succeeds();
        assertEquals("paused", jrun.status(id));
        assertEquals("ready\n", run.outputSoFar());
        jrun.call("resume", id).succeeds();

        Execution ended = run.await();
        assertEquals("ready\ntold\n", ended.output());
        assertEquals(5, ended.code());
    }

    @Test
    void manyProcessesArePausedWhileTheyFork() {
        Bundle bundle = sandbox.bundle()
                .runsScript("i=0; while [ $i -lt " + PROCESSES + " ]; do sleep 1000 & i=$((i+1)); done; echo ready;"
                        + " while :; do true & wait $!; done");
        String id = sandbox.newId();
        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isEqual("output", "ready\n", run::outputSoFar);

        for (int times = 0; times < 10; times++) {
            jrun.call("pause", id).succeeds();
            List<String> paused =
                    jrun.call("ps", "--format", "json", id).succeeds().lines();
            assertEquals(paused, jrun.call("ps", "--format", "json", id).lines());
            jrun.call("resume", id).succeeds();
            assertEquals("running", jrun.status(id));
        }
        jrun.call("kill", id, "KILL").succeeds();
        assertEquals(137, run.await().code());
    }

    @Test
    void aContainerCanBePausedBeforeItIsStarted() {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", sandbox.bundle().runs("sleep", "1000").path(), id)
                .succeeds();

        jrun.call("pause", id).succeeds();
        assertEquals("paused", jrun.status(id));
        jrun.call("start", id).failsWith("cannot start container " + id + ": it is paused");
        jrun.call("resume", id).succeeds();
        assertEquals("created", jrun.status(id));
        jrun.call("start", id).succeeds();
        assertEquals("running", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();
    }

    /** In the words that runc has for it. */
    @Test
    void whatCannotBePausedOrResumedIsRefused() {
        String id = startSleeping(jrun);

        jrun.call("resume", id).failsWith("container not paused");
        jrun.call("pause", id).succeeds();
        jrun.call("pause", id).failsWith("container not running");
        jrun.call("delete", id).failsWith("paused");
        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("pause", id).failsWith("container not running");
        jrun.call("resume", id).failsWith("container not paused");
        jrun.call("delete", id).succeeds();
        jrun.call("pause", id).failsWith("does not exist");
        jrun.call("resume", id).failsWith("does not exist");
    }

    @Test
    void runcSaysTheSame() {
        Programs.need("runc");
        OciRuntime runc = sandbox.installed("runc").orElseThrow();
        for (OciRuntime runtime : List.of(jrun, runc)) {
            String id = startSleeping(runtime);

            runtime.call("resume", id).failsWith("container not paused");
            runtime.call("pause", id).succeeds();
            assertEquals("paused", runtime.status(id));
            runtime.call("pause", id).failsWith("container not running");
            runtime.call("delete", id).failsWith("paused");
            runtime.call("resume", id).succeeds();
            assertEquals("running", runtime.status(id));
            runtime.call("delete", "--force", id).succeeds();
        }
    }
}
