// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.embedding.shim.ShimProcess;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the shim, the engine or both in the middle of calls. Afterwards the container is complete, or nothing is left
 * of it when the next call on its id is over.
 */
class KilledMidwayIT {

    private static final String ID = "victim";
    private static final int INT = 2;
    private static final int TERM = 15;
    private static final int KILL = Signal.KILL.number();

    /** More messages than any call exchanges. */
    private static final int MANY = 40;

    @TempDir
    static Path scratch;

    private static TestHost host;
    private static Path root;
    private static EmbeddedCall jrun;
    private static List<String> create;
    private static List<String> createInUserNamespace;
    private static List<String> run;
    private static List<String> supervise;

    @BeforeAll
    static void claimHost() throws IOException {
        host = TestHost.claim(scratch);
        root = scratch.resolve("state");
        jrun = new EmbeddedCall(scratch);
        String sleeping = bundle("sleeping", "sleep", "1000");
        create = global("create", "--bundle", sleeping, ID);
        createInUserNamespace = global(
                "create",
                "--bundle",
                Bundle.bare(scratch.resolve("user"))
                        .inCgroup(host.cgroupsPath("user"))
                        .runs("sleep", "1000")
                        .ownedByMappedRoot()
                        .inUserNamespace()
                        .withNamespace("{\"type\": \"time\", \"path\": \"/proc/self/ns/time\"}")
                        .path(),
                ID);
        run = global("run", "--detach", "--bundle", sleeping, ID);
        supervise = global("run", "--bundle", bundle("short", "true"), ID);
        succeed(supervise);
        succeed(createInUserNamespace);
        succeed(global("delete", "--force", ID));
    }

    @AfterAll
    static void giveHostBack() throws IOException, InterruptedException {
        if (host != null) {
            new ProcessBuilder(TestHost.HOME.resolve("bin/jrun").toString(), "engine", "stop")
                    .redirectErrorStream(true)
                    .redirectOutput(scratch.resolve("stopped").toFile())
                    .start()
                    .waitFor();
            host.close();
        }
    }

    /** One test that fails must not have others fail. */
    @AfterEach
    void deleteContainer() throws IOException {
        jrun.make(global("delete", "--force", ID));
    }

    @Test
    void aCreateWhoseShimIsKilled() throws IOException {
        killShim(create, KILL);
        killShim(create, TERM);
        killShim(create, INT);
    }

    @Test
    void aCreateInAUserNamespaceWhoseShimIsKilled() throws IOException {
        killShim(createInUserNamespace, KILL);
        killShim(createInUserNamespace, TERM);
    }

    @Test
    void aDetachedRunWhoseShimIsKilled() throws IOException {
        killShim(run, KILL);
        killShim(run, INT);
    }

    @Test
    void aDetachedRunWhoseInitEndsBeforeItsProgramRuns() throws IOException {
        EmbeddedCall.Result result = jrun.make(run, (shim, session) -> new MuteInitSession(session));

        assertEquals(1, result.code(), result::output);
        assertTrue(
                result.output()
                        .contains("cannot start container " + ID + ": its init was killed before its program ran"),
                result::output);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    @Test
    void aRunInTheForegroundWhoseShimIsKilled() throws IOException {
        killShim(supervise, KILL);
        killShim(supervise, TERM);
    }

    @Test
    void aStartWhoseShimIsKilled() throws IOException {
        for (int step = 0; step < MANY; step++) {
            succeed(create);
            jrun.make(global("start", ID), killAt(step, KILL));
            expectCompleteOrNothing("start, step " + step);
        }
    }

    @Test
    void aDeleteWhoseShimIsKilled() throws IOException {
        for (int step = 0; step < MANY / 2; step++) {
            succeed(run);
            jrun.make(global("delete", "--force", ID), killAt(step, KILL));
            expectCompleteOrNothing("delete, step " + step);
        }
    }

    @Test
    void shimsThatAreKilledAtAnyTime() throws IOException {
        for (int micros = 0; micros < 9000; micros += 60) {
            long pause = micros * 1000L;
            int signal = micros % 120 == 0 ? KILL : TERM;
            List<String> words = micros % 180 == 0 ? run : micros % 120 == 0 ? create : createInUserNamespace;
            jrun.make(words, (shim, session) -> {
                Thread.startVirtualThread(() -> {
                    LockSupport.parkNanos(pause);
                    signal(shim.pid(), signal);
                });
                return session;
            });
            expectCompleteOrNothing(words + " killed after " + micros + " us");
        }
    }

    @Test
    void anEngineThatIsKilled() throws IOException {
        for (List<String> words : List.of(create, run, supervise)) {
            for (int step = 0; step < MANY; step++) {
                int[] steps = new int[1];
                EmbeddedCall.Result result = dieAt(step, once(words), steps);
                assertTrue(
                        result.code() == 0 || !result.output().isBlank(),
                        words + " without engine from step " + step + " says nothing");
                // Either of both is a next call that has to find its way.
                if (step % 2 == 0 && !Files.exists(root.resolve(ID + "/state.json"))) {
                    succeed(create);
                }
                expectCompleteOrNothing(words + ", engine killed at step " + step + ": " + result);
                if (step >= steps[0]) {
                    break;
                }
            }
        }
    }

    /**
     * As long as the process has certainly not executed the call is made again, by a shim that knows it: one that is
     * sealed.
     */
    @Test
    void anExecWhoseEngineIsKilled() throws IOException {
        succeed(run);
        int made = 0;
        int[] steps = {MANY};
        for (int step = 0; step <= steps[0]; step++) {
            EmbeddedCall.Result result =
                    dieAt(step, again(global("exec", ID, "sh", "-c", "echo executed; exit 7")), steps = new int[1]);
            if (result.code() == 7) {
                assertEquals("executed\n", result.output(), "step " + step);
                made++;
            } else {
                assertEquals("jrun: the engine ended before it answered\n", result.output(), "step " + step);
                assertEquals(0, made, "a call that is not made again at step " + step);
            }
            expectOnlyInit("exec, engine killed at step " + step);
        }
        assertTrue(made > 4, "only " + made + " were made");
        succeed(global("delete", "--force", ID));
    }

    /**
     * Nobody can tell whether the process has executed when the engine, which was to look, is lost: it is ended, and
     * not executed again.
     */
    @Test
    void aDetachedExecWhoseEngineIsKilled() throws IOException {
        succeed(run);
        Path pidFile = scratch.resolve("executed-pid");
        List<String> words =
                global("exec", "--detach", "--pid-file", pidFile.toString(), ID, "sh", "-c", "echo executed");
        // What is executed often is kept, and what HOME is; until that is so, there is one step more.
        for (int times = 0; times < 3; times++) {
            succeed(words);
            Files.delete(pidFile);
        }
        int made = 0;
        int lost = 0;
        int[] steps = {MANY};
        for (int step = 0; step <= steps[0]; step++) {
            EmbeddedCall.Result result = dieAt(step, again(words), steps = new int[1]);
            if (result.code() == 0) {
                assertTrue(Files.deleteIfExists(pidFile), "step " + step);
                made++;
            } else {
                assertFalse(Files.exists(pidFile), "step " + step);
                lost += result.code() == 255 ? 1 : 0;
                assertTrue(
                        result.output().equals("jrun: the engine ended before it answered\n")
                                || result.output().endsWith("jrun: exec failed: the engine ended unexpectedly\n"),
                        result.output());
            }
            expectOnlyInit("detached exec, engine killed at step " + step);
        }
        assertTrue(made >= 4, "only " + made + " were made");
        // When the engine's end comes to the shim's notice decides whether it is lost before the shim says that it is
        // sealed, too.
        assertTrue(
                lost == 2 || lost == 3,
                lost + " were lost: before the engine hears that it may have executed, and before it answers");
        succeed(global("delete", "--force", ID));
    }

    /** What it has read of a pipe is not there a second time: such a call ends, and does not wait for more. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anExecOfADocumentFromAPipeWhoseEngineIsKilled() throws IOException {
        succeed(run);
        Path pipe = scratch.resolve("pipe");
        Path document = Files.writeString(scratch.resolve("document"), "{\"args\": [\"true\"], \"cwd\": \"/\"}");
        Programs.run("mkfifo", pipe.toString());
        int[] steps = {MANY};
        for (int step = 0; step <= steps[0]; step++) {
            Process writer = new ProcessBuilder("sh", "-c", "cat '" + document + "' > '" + pipe + "'").start();
            EmbeddedCall.Result result =
                    dieAt(step, once(global("exec", "--process", pipe.toString(), ID)), steps = new int[1]);
            writer.destroyForcibly().onExit().join();
            assertTrue(result.code() == 0 || result.output().startsWith("jrun: "), "step " + step + ": " + result);
            expectOnlyInit("exec of a pipe, engine killed at step " + step);
        }
        succeed(global("delete", "--force", ID));
    }

    private static void expectOnlyInit(String what) {
        for (Path hierarchy : host.hierarchies()) {
            Path processes =
                    hierarchy.resolve(host.cgroupsPath("sleeping").substring(1)).resolve("cgroup.procs");
            Eventually.isEqual(what + ": processes in " + processes, 1, () -> lines(processes));
        }
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anEngineAndAShimThatAreKilledTogether() throws IOException {
        for (int step = 0; step < MANY; step++) {
            int at = step;
            List<InterruptedSession> sessions = new ArrayList<>();
            jrun.make(create, (shim, session) -> {
                sessions.add(new InterruptedSession(session, at, () -> {
                    signal(shim.pid(), KILL);
                    throw new EmbeddedCall.EngineDeath();
                }));
                return sessions.getFirst();
            });
            expectCompleteOrNothing("create, both killed at step " + step);
            if (sessions.getFirst().steps() < step) {
                break;
            }
        }
    }

    @Test
    void aCreateAfterOneThatWasKilledWithItsEngine() throws IOException {
        for (int step = 0; step < 4; step++) {
            int at = step;
            jrun.make(
                    create,
                    (shim, session) -> new InterruptedSession(session, at, () -> {
                        signal(shim.pid(), KILL);
                        throw new EmbeddedCall.EngineDeath();
                    }));
            succeed(create);
            expectCompleteOrNothing("create again after step " + step);
        }
    }

    @Test
    void aShimThatWaitsForItsEngineEndsOnSigterm() throws IOException {
        EmbeddedCall.Result result = jrun.make(global("state", ID), (shim, session) -> {
            signal(shim.pid(), TERM);
            assertEquals(128 + TERM, exitCode(shim));
            return session;
        });
        assertEquals(128 + TERM, result.code());
    }

    @Test
    void aContainerWhoseInitIsKilledBeforeStart() throws IOException {
        succeed(create);
        signal(initPid(), KILL);
        EmbeddedCall.Result result = jrun.make(global("start", ID));
        assertNotEquals(0, result.code());
        assertTrue(result.output().contains(ID), result.output());
        succeed(global("delete", ID));
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    @Test
    void aContainerWhoseInitIsKilledAfterStart() throws IOException {
        succeed(run);
        signal(initPid(), KILL);
        expectCompleteOrNothing("init killed");
    }

    private static int initPid() throws IOException {
        String state = jrun.make(global("state", ID)).output();
        return Integer.parseInt(state.replaceAll("(?s).*\"pid\": ?(\\d+).*", "$1"));
    }

    private static int exitCode(ShimProcess shim) {
        try {
            return shim.awaitExit();
        } catch (LinuxException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call in this JVM, whose conversation is changed. */
    @FunctionalInterface
    private interface ChangedCall {
        EmbeddedCall.Result make(EmbeddedCall.Change change) throws IOException;
    }

    private static ChangedCall once(List<String> words) {
        return change -> jrun.make(words, change);
    }

    /** With an engine, if this one is lost. */
    private static ChangedCall again(List<String> words) {
        return change -> jrun.makeUntilDone(words, change);
    }

    private static EmbeddedCall.Result dieAt(int step, ChangedCall call, int[] steps) throws IOException {
        List<InterruptedSession> sessions = new ArrayList<>();
        EmbeddedCall.Result result = call.make((shim, session) -> {
            sessions.add(new InterruptedSession(session, step, () -> {
                throw new EmbeddedCall.EngineDeath();
            }));
            return sessions.getFirst();
        });
        steps[0] = sessions.getFirst().steps();
        return result;
    }

    private static EmbeddedCall.Change killAt(int step, int signal) {
        return (shim, session) -> new InterruptedSession(session, step, () -> signal(shim.pid(), signal));
    }

    private static void killShim(List<String> words, int signal) throws IOException {
        for (int step = 0; step < MANY; step++) {
            int at = step;
            List<InterruptedSession> sessions = new ArrayList<>();
            jrun.make(words, (shim, session) -> {
                sessions.add(new InterruptedSession(session, at, () -> signal(shim.pid(), signal)));
                return sessions.getFirst();
            });
            expectCompleteOrNothing(words + ", signal " + signal + " at step " + step);
            if (sessions.getFirst().steps() < step) {
                return;
            }
        }
    }

    private static void expectCompleteOrNothing(String what) throws IOException {
        if (Files.exists(root.resolve(ID + "/state.json"))) {
            EmbeddedCall.Result result = jrun.make(global("state", ID));
            assertEquals(0, result.code(), () -> what + "\n" + result.output());
            if (result.output().contains("\"status\": \"created\"")) {
                EmbeddedCall.Result started = jrun.make(global("start", ID));
                assertTrue(started.code() == 0 || !started.output().isBlank(), what);
            }
        }
        succeed(global("delete", "--force", ID));
        assertEquals(Set.of(), host.lastingLeftovers(root), what);
    }

    private static void signal(int pid, int signal) {
        try {
            LinuxCalls.kill(pid, signal);
        } catch (LinuxException e) {
            if (!e.is(dev.jrun.kernel.Errno.ESRCH)) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String bundle(String name, String... program) throws IOException {
        return Bundle.bare(scratch.resolve(name))
                .inCgroup(host.cgroupsPath(name))
                .runs(program)
                .path();
    }

    private static List<String> global(String... words) {
        List<String> all = new ArrayList<>(List.of("--root", root.toString()));
        all.addAll(List.of(words));
        return all;
    }

    private static void succeed(List<String> words) throws IOException {
        EmbeddedCall.Result result = jrun.make(words);
        assertEquals(0, result.code(), () -> words + ": " + result.output());
    }
}
