// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.Jrun;
import dev.jrun.cli.testing.embedded.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many calls at once, with an engine that serves them all, and that may be killed under them. */
class ConcurrencyIT {

    private static final int MANY = 50;

    @TempDir
    static Path scratch;

    private static TestHost host;
    private static Path root;
    private static Jrun jrun;
    private static Bundle sleeping;

    @BeforeAll
    static void claimHost() throws IOException, InterruptedException {
        host = TestHost.claim(scratch);
        root = scratch.resolve("state");
        jrun = new Jrun(root, Files.createDirectory(scratch.resolve("outputs")));
        sleeping = Bundle.bare(scratch.resolve("sleeping"))
                .inCgroup(host.cgroupsPath("sleeping"))
                .runs("sleep", "1000");
    }

    @AfterAll
    static void giveHostBack() throws IOException, InterruptedException {
        if (host != null) {
            jrun.stopEngine();
            host.close();
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    private static void warmUp() throws IOException, InterruptedException {
        while (jrun.engine() == 0) {
            succeed("features");
        }
    }

    private static void succeed(String... words) throws IOException, InterruptedException {
        Jrun.Result result = jrun.call(words);
        assertEquals(0, result.code(), () -> String.join(" ", words) + ": " + result.output());
    }

    private static Jrun.Running create(String id, Bundle bundle) throws IOException {
        return jrun.start("create", "--bundle", bundle.path(), id);
    }

    @Test
    void ofManyCreatesOfOneIdOneWins() throws Exception {
        warmUp();
        List<Jrun.Running> calls = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            calls.add(create("one", sleeping));
        }
        int won = 0;
        for (Jrun.Running call : calls) {
            Jrun.Result result = call.await();
            if (result.code() == 0) {
                won++;
            } else {
                assertTrue(result.output().contains("\"one\" already exists"), result.output());
            }
        }
        assertEquals(1, won);
        succeed("delete", "one");
    }

    @Test
    void ofTwoStartsOneWins() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertEquals(0, create("two", sleeping).await().code());
            Jrun.Running first = jrun.start("start", "two");
            Jrun.Running second = jrun.start("start", "two");
            List<Jrun.Result> results = List.of(first.await(), second.await());
            Jrun.Result lost = results.get(results.get(0).code() == 0 ? 1 : 0);
            assertEquals(
                    1, results.stream().filter(result -> result.code() == 0).count(), results::toString);
            assertNotEquals(0, lost.code());
            assertTrue(lost.output().contains("cannot start container two: it is already running"), lost.output());
            succeed("delete", "--force", "two");
        }
    }

    @Test
    void killDeleteAndStateRace() throws Exception {
        for (int i = 0; i < 10; i++) {
            succeed("run", "--detach", "--bundle", sleeping.path(), "racing");
            List<Jrun.Running> calls = List.of(
                    jrun.start("kill", "racing", "KILL"),
                    jrun.start("state", "racing"),
                    jrun.start("delete", "--force", "racing"),
                    jrun.start("kill", "--all", "racing", "KILL"),
                    jrun.start("delete", "--force", "racing"),
                    jrun.start("list"),
                    jrun.start("state", "racing"));
            for (Jrun.Running call : calls) {
                Jrun.Result result = call.await();
                assertTrue(
                        result.code() == 0
                                || result.output().contains("\"racing\" does not exist")
                                || result.output().contains("not running"),
                        result.output());
            }
            assertFalse(Files.exists(root.resolve("racing")));
        }
    }

    @Test
    void manyContainersAtOnce() throws Exception {
        warmUp();
        List<Jrun.Running> calls = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Bundle bundle = sleeping.bareSibling(scratch.resolve("many-" + i))
                    .inCgroup(host.cgroupsPath("many-" + i))
                    .runs("sh", "-c", "exit " + i);
            calls.add(jrun.start("run", "--bundle", bundle.path(), "many-" + i));
        }
        for (int i = 0; i < MANY; i++) {
            Jrun.Result result = calls.get(i).await();
            assertEquals(i, result.code(), result.output());
        }
    }

    @Test
    void anEngineThatIsKilledUnderItsCalls() throws Exception {
        for (int round = 0; round < 10; round++) {
            warmUp();
            long engine = jrun.engine();
            List<Jrun.Running> calls = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Bundle bundle = sleeping.bareSibling(scratch.resolve("lost-" + i))
                        .inCgroup(host.cgroupsPath("lost-" + i))
                        .runs("sleep", "1000");
                calls.add(
                        i % 2 == 0
                                ? create("lost-" + i, bundle)
                                : jrun.start("run", "--detach", "--bundle", bundle.path(), "lost-" + i));
            }
            LockSupport.parkNanos(round * 3_000_000L);
            ProcessHandle.of(engine).ifPresent(ProcessHandle::destroyForcibly);
            for (int i = 0; i < calls.size(); i++) {
                Jrun.Result result = calls.get(i).await();
                if (result.code() == 0) {
                    succeed("state", "lost-" + i);
                } else {
                    assertFalse(result.output().isBlank());
                }
                succeed("delete", "--force", "lost-" + i);
            }
            assertEquals(Set.of(), host.lastingLeftovers(root), "round " + round);
        }
    }

    @Test
    void anEngineThatIsKilledWhileAContainerRuns() throws Exception {
        Bundle bundle = sleeping.bareSibling(scratch.resolve("supervised"))
                .inCgroup(host.cgroupsPath("supervised"))
                .runs("sh", "-c", "sleep 1000; exit 3");
        warmUp();
        Jrun.Running call = jrun.start("run", "--bundle", bundle.path(), "supervised");
        while (!jrun.call("state", "supervised").output().contains("\"running\"")) {
            Thread.onSpinWait();
        }
        ProcessHandle.of(jrun.engine()).ifPresent(ProcessHandle::destroyForcibly);
        succeed("kill", "supervised", "KILL");
        Jrun.Result result = call.await();
        assertEquals(137, result.code(), result.output());
        assertEquals("", result.output(), "the shim needs no engine to remove what is left");
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }
}
