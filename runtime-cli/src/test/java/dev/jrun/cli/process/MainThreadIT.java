// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A container whose first process has ended its main thread and goes on in another: to the kernel's files it is a
 * zombie then.
 */
class MainThreadIT extends RealContainers {

    /** Ends at SIGTERM, with a code of its own. */
    private static final String PROGRAM = """
            #include <pthread.h>
            #include <signal.h>
            #include <sys/syscall.h>
            #include <unistd.h>
            static void end(int signal) { _exit(42); }
            static void *go_on(void *nothing) { for (;;) pause(); }
            int main(void) {
                pthread_t thread;
                signal(SIGTERM, end);
                pthread_create(&thread, 0, go_on, 0);
                syscall(SYS_exit, 0);
            }
            """;

    private Bundle bundle;

    @BeforeEach
    void compile() throws IOException {
        Programs.need("cc");
        bundle = sandbox.bundle().runs("/bin/goes-on");
        Path source = Files.writeString(directory.resolve("goes-on.c"), PROGRAM);
        String program = bundle.rootfs().resolve("bin/goes-on").toString();
        Programs.run("cc", "-static", "-pthread", "-o", program, source.toString());
    }

    private String runDetached() {
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        awaitZombie(id);
        return id;
    }

    private Execution.Started runInForeground(String id) {
        Execution.Started run = jrun.start(Path.of("/dev/null"), "run", "--bundle", bundle.path(), id);
        Eventually.isTrue("it runs", () -> jrun.call("state", id).output().contains("\"running\""));
        awaitZombie(id);
        return run;
    }

    private void awaitZombie(String id) {
        Eventually.isTrue("its main thread ends", () -> stat(id).contains(") Z "));
    }

    private String stat(String id) {
        try {
            return KernelFile.read(Path.of("/proc/" + pid(id) + "/stat"));
        } catch (IOException e) {
            throw new AssertionError("it is gone", e);
        }
    }

    private long pid(String id) {
        return jrun.state(id).get("pid").asLong();
    }

    @Test
    void itRunsUntilItIsKilled() {
        String id = runDetached();
        assertEquals("running", jrun.status(id));
        jrun.call("delete", id).failsWith("that is not stopped: running");

        jrun.call("kill", id, "KILL").succeeds();

        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void itsSignalsReachIt() {
        String id = runDetached();
        jrun.call("kill", id, "0").succeeds();

        jrun.call("kill", id, "TERM").succeeds();

        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void aForcedDeletionEndsIt() {
        for (String shared : new String[] {"none", "pid"}) {
            bundle = bundle.withoutNamespace(shared);
            String id = runDetached();
            long pid = pid(id);

            jrun.call("delete", "--force", id).succeeds();

            Eventually.isTrue("it is gone", () -> Files.notExists(Path.of("/proc/" + pid)));
            jrun.call("state", id).failsWith("does not exist");
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aRunWaitsForItAndForwardsSignals() {
        String id = sandbox.newId();
        Execution.Started run = runInForeground(id);

        Programs.run("kill", "-TERM", Long.toString(run.pid()));

        assertEquals(42, run.await().code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void aRunEndsWhenItIsKilled() {
        String id = sandbox.newId();
        Execution.Started run = runInForeground(id);

        jrun.call("kill", id, "KILL").succeeds();

        assertEquals(137, run.await().code());
        sandbox.assertNothingIsLeft();
    }
}
