// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.Leftovers;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.launch.StartProgram;
import dev.jrun.spec.fixtures.OciSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A container's life, call by call. */
class LifeIT extends RealContainers {

    private static final Path NO_INPUT = Path.of("/dev/null");

    /** Ends at SIGTERM, with a code of its own. */
    private static final String WAITS_FOR_TERM = "trap 'exit 42' TERM; echo ready; while :; do sleep 0.05; done";

    @Test
    void livesThroughAllItsStates() throws IOException {
        Bundle bundle = sandbox.bundle()
                .runsScript("echo started > /tmp/sign; exec sleep 1000")
                .with("/root/readonly", "false");
        String id = sandbox.newId();

        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        JsonNode created = validState(id);
        assertEquals("created", created.get("status").asText());
        assertEquals(bundle.path(), created.get("bundle").asText());
        assertEquals(id, created.get("id").asText());
        long pid = created.get("pid").asLong();
        assertTrue(Files.exists(Path.of("/proc/" + pid)));
        assertFalse(Files.exists(bundle.rootfs().resolve("tmp/sign")));

        jrun.call("start", id).succeeds();
        JsonNode running = validState(id);
        assertEquals("running", running.get("status").asText());
        assertEquals(pid, running.get("pid").asLong());
        Eventually.isTrue("its program runs", () -> Files.exists(bundle.rootfs().resolve("tmp/sign")));

        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        assertEquals(0, validState(id).get("pid").asLong());

        jrun.call("delete", id).succeeds();
        jrun.call("state", id).failsWith("does not exist");
        sandbox.assertNothingIsLeft();
    }

    /** Whoever waits for init has done so by then, and nobody can tell any more how it ended. */
    @Test
    void anInitThatIsKilledBeforeItIsToldToStartFailsTheStart() throws IOException {
        String id = sandbox.newId();
        jrun.call("create", "--bundle", sandbox.bundle().runs("true").path(), id)
                .succeeds();
        String pid = jrun.state(id).get("pid").asText();
        Programs.run("kill", "-STOP", pid).succeeds();
        long before = socketsOfInits();
        Execution.Started start = jrun.start(NO_INPUT, "start", id);
        Eventually.isTrue("start is connected", () -> socketsOfInits() > before);

        Programs.run("kill", "-KILL", pid).succeeds();

        start.await().failsWith("cannot start container " + id + ": its init was killed before its program ran");
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    /** Those that listen, and the ends of connections to them. proc_net_unix, proc_pid_net(5). */
    private static long socketsOfInits() {
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
            return sockets.filter(line -> line.endsWith("/" + StartProgram.SOCKET))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code -h} prints help, and {@code -f} is {@code --force}. */
    @Test
    void anIdMayBeTheLetterOfAnOption() {
        jrun.call("kill", "--all", "h").failsWith("does not exist");
        assertEquals("", jrun.call("delete", "--force", "f").succeeds().output());
    }

    /** What {@code state} says, as the specification's schema asks for it. */
    private JsonNode validState(String id) {
        String text = jrun.call("state", id).succeeds().output();
        assertEquals(List.of(), OciSchema.ofStates().problems(text));
        return OciRuntime.json(text);
    }

    @Test
    void runEndsWithTheExitCodeOfTheProgram() {
        assertEquals(0, run("exit 0").code());
        assertEquals(7, run("exit 7").code());
        assertEquals(255, run("exit 255").code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void runEndsWith128AndTheSignal() {
        // From inside, the kernel spares the first process of a pid namespace the signals that it does not handle.
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        String id = sandbox.newId();
        Execution.Started run = startRun(bundle, id);
        jrun.call("kill", id, "KILL").succeeds();
        assertEquals(128 + 9, run.await().code());
        Bundle hostPids = sandbox.bundle().withoutNamespace("pid").runsScript("kill -SEGV $$");
        assertEquals(
                128 + 11,
                jrun.call("run", "--bundle", hostPids.path(), sandbox.newId()).code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void runPassesInputAndOutputThrough() throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "one\ntwo\n");
        Bundle bundle = sandbox.bundle().runsScript("cat; echo problem >&2");

        Execution run = jrun.start(input, "run", "--bundle", bundle.path(), sandbox.newId())
                .await()
                .succeeds();

        assertEquals("one\ntwo\n", run.output());
        assertEquals("problem\n", run.errors());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void runForwardsSignals() {
        Bundle bundle = sandbox.bundle().runsScript(WAITS_FOR_TERM);
        Execution.Started run = startRun(bundle, sandbox.newId());
        Eventually.isTrue("it waits", () -> run.outputSoFar().contains("ready"));

        signal("TERM", run.pid());

        assertEquals(42, run.await().code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void runUsesTheWorkingDirectoryAsBundle() {
        Bundle bundle = sandbox.bundle().runs("echo", "here");

        Execution run = jrun.callIn(bundle.directory(), "run", sandbox.newId());

        assertEquals("here\n", run.succeeds().output());
    }

    @Test
    void runDetachedLeavesTheContainerRunning() {
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        String id = sandbox.newId();

        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();

        assertEquals("running", jrun.status(id));
        jrun.call("kill", id, "9").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    @Test
    void runKeepsTheContainerIfAsked() {
        Bundle bundle = sandbox.bundle().runsScript("exit 3");
        String id = sandbox.newId();

        assertEquals(
                3, jrun.call("run", "--keep", "--bundle", bundle.path(), id).code());

        assertEquals("stopped", jrun.status(id));
        jrun.call("delete", id).succeeds();
        sandbox.assertNothingIsLeft();
    }

    @Test
    void thePidFileHoldsThePidOfInit() throws IOException {
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        Path file = directory.resolve("pid");
        for (String[] call : List.of(new String[] {"create"}, new String[] {"run", "--detach"})) {
            String id = sandbox.newId();
            List<String> words = new ArrayList<>(List.of(call));
            words.addAll(List.of("--pid-file", file.toString(), "--bundle", bundle.path(), id));

            jrun.call(words.toArray(String[]::new)).succeeds();

            assertEquals(jrun.state(id).get("pid").asText(), Files.readString(file));
            jrun.call("delete", "--force", id).succeeds();
        }
        sandbox.assertNothingIsLeft();
    }

    @Test
    void noPivotGivesTheSameRoot() {
        Bundle bundle = sandbox.bundle().runsScript("ls -d /bin/busybox /root");

        Execution run = jrun.call("run", "--no-pivot", "--bundle", bundle.path(), sandbox.newId())
                .succeeds();

        assertEquals("/bin/busybox\n/root\n", run.output());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void killTakesNamesAndNumbers() {
        Bundle bundle = sandbox.bundle().runsScript("trap 'echo got' USR1; " + WAITS_FOR_TERM);
        String id = sandbox.newId();
        Execution.Started run = startRun(bundle, id);
        Eventually.isTrue("it waits", () -> run.outputSoFar().contains("ready"));
        int expected = 0;
        for (String signal : List.of("USR1", "SIGUSR1", "usr1", "10")) {
            expected++;
            long count = expected;
            jrun.call("kill", id, signal).succeeds();
            Eventually.isEqual(
                    "signals",
                    count,
                    () -> run.outputSoFar().lines().filter("got"::equals).count());
        }
        jrun.call("kill", id, "NOSUCH").failsWith("unknown signal");

        jrun.call("kill", id).succeeds();

        assertEquals(42, run.await().code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void killAllReachesEveryProcess() {
        Bundle bundle = sandbox.bundle()
                .withoutNamespace("pid")
                .runsScript("for i in 1 2 3; do sleep 1000 & done; echo ready; wait");
        String id = sandbox.newId();
        Execution.Started run = startRun(bundle, id);
        Eventually.isTrue("it waits", () -> run.outputSoFar().contains("ready"));

        jrun.call("kill", "--all", id, "KILL").succeeds();

        assertEquals(128 + 9, run.await().code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void sigkillEndsAllWhereThereIsNoPidNamespace() {
        Bundle bundle = sandbox.bundle()
                .withoutNamespace("pid")
                .runsScript("for i in 1 2 3; do sleep 1000 & done; echo ready; wait");
        String id = sandbox.newId();
        Execution.Started run = startRun(bundle, id);
        Eventually.isTrue("it waits", () -> run.outputSoFar().contains("ready"));

        jrun.call("kill", id, "KILL").succeeds();

        assertEquals(128 + 9, run.await().code());
        sandbox.assertNothingIsLeft();
    }

    @Test
    void whatInitLeftRunningCanBeKilled() {
        Bundle bundle = sandbox.bundle().withoutNamespace("pid").runsScript("sleep 1000 & sleep 1001 & exit 0");
        for (String[] kill : List.of(new String[] {"kill", "--all"}, new String[] {"kill"})) {
            String id = sandbox.newId();
            jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
            jrun.awaitStatus(id, "stopped");
            assertEquals(2, processesOf(id));

            jrun.call("kill", id, "TERM").failsWith("container not running");
            assertEquals(2, processesOf(id));
            List<String> call = new ArrayList<>(List.of(kill));
            call.addAll(List.of(id, "KILL"));
            jrun.call(call.toArray(String[]::new)).succeeds();

            Eventually.isEqual("processes", 0L, () -> processesOf(id));
            jrun.call("kill", id, "KILL").failsWith("container not running");
            jrun.call("delete", id).succeeds();
        }
    }

    private long processesOf(String id) {
        return new Leftovers(id, directory, view().cgroups())
                .find().stream().filter(line -> line.startsWith("process")).count();
    }

    @Test
    void signalZeroOnlyAsks() {
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        String id = sandbox.newId();
        jrun.call("kill", id, "0").failsWith("does not exist");
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();
        jrun.call("kill", id, "0").succeeds();
        jrun.call("start", id).succeeds();
        jrun.call("kill", id, "0").succeeds();
        assertEquals("running", jrun.status(id));

        jrun.call("kill", id, "KILL").succeeds();
        jrun.awaitStatus(id, "stopped");
        jrun.call("kill", id, "0").failsWith("container not running");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void deleteRemovesWhatInitLeftRunningInTheHostsPidNamespace() {
        Bundle bundle = sandbox.bundle().withoutNamespace("pid").runsScript("sleep 1000 & exit 0");
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        jrun.awaitStatus(id, "stopped");

        jrun.call("delete", id).succeeds();

        sandbox.assertNothingIsLeft();
    }

    @Test
    void aStoppedContainerCannotBeKilledOrStarted() {
        Bundle bundle = sandbox.bundle().runs("true");
        String id = sandbox.newId();
        jrun.call("run", "--keep", "--bundle", bundle.path(), id).succeeds();

        jrun.call("kill", id, "KILL").failsWith("container not running");
        jrun.call("start", id).failsWith("stopped");

        jrun.call("delete", id).succeeds();
    }

    @Test
    void aRunningContainerIsDeletedOnlyByForce() {
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        String id = sandbox.newId();
        jrun.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();

        jrun.call("start", id).failsWith("already running");
        jrun.call("delete", id).failsWith("not stopped");
        assertEquals("running", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();

        sandbox.assertNothingIsLeft();
    }

    @Test
    void aCreatedContainerIsDeletedWithoutForce() {
        Bundle bundle = sandbox.bundle().runs("true");
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        jrun.call("delete", id).succeeds();

        sandbox.assertNothingIsLeft();
    }

    @Test
    void aCreatedContainerCanBeKilled() {
        Bundle bundle = sandbox.bundle().runs("true");
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        jrun.call("kill", id, "KILL").succeeds();

        jrun.awaitStatus(id, "stopped");
        jrun.call("delete", id).succeeds();
    }

    @Test
    void listShowsContainersInThreeForms() throws IOException {
        Files.createDirectory(jrun.root());
        assertEquals("null\n", jrun.call("list", "--format", "json").succeeds().output());
        Bundle bundle = sandbox.bundle().runs("sleep", "1000");
        String id = sandbox.newId();
        jrun.call("create", "--bundle", bundle.path(), id).succeeds();

        assertEquals(id + "\n", jrun.call("list", "--quiet").succeeds().output());
        JsonNode listed =
                OciRuntime.json(jrun.call("list", "--format", "json").succeeds().output());
        assertEquals(1, listed.size());
        // As with runc, only list tells the owner.
        ObjectNode expected = (ObjectNode) jrun.state(id);
        assertEquals(expected.put("owner", "root"), listed.get(0));
        List<String> table = jrun.call("list").succeeds().lines();
        assertTrue(table.get(0).matches("ID +PID +STATUS +BUNDLE +CREATED +OWNER"), table.get(0));
        assertTrue(
                table.get(1).matches(id + " +[0-9]+ +created +" + bundle.path() + " +[0-9T:.-]+Z +root"), table.get(1));

        jrun.call("delete", id).succeeds();
    }

    @Test
    void errorsGoToTheLogAsContainerdReadsIt() throws IOException {
        Path log = directory.resolve("log.json");

        Execution failed = jrun.call("--log", log.toString(), "--log-format", "json", "state", sandbox.newId());

        failed.failsWith("does not exist");
        JsonNode line = OciRuntime.json(Files.readString(log));
        assertEquals("error", line.get("level").asText());
        assertTrue(line.get("msg").asText().contains("does not exist"));
        assertTrue(line.get("time").asText().matches("[0-9-]+T[0-9:]+(Z|[+-][0-9:]+)"), line.toString());
    }

    @Test
    void preservesTheDescriptorsThatAreAskedFor() {
        Bundle bundle = sandbox.bundle().runsScript("ls /proc/self/fd; read -r line <&4; echo $line");
        String id = sandbox.newId();
        List<String> call = jrun.words("run", "--preserve-fds", "2", "--bundle", bundle.path(), id);
        // The shell leaves the call descriptors 3, 4 and 5; ls has one more, for the directory.
        String script = "echo fourth > " + directory + "/four; exec 3</dev/null 4<" + directory + "/four 5</dev/null; "
                + String.join(" ", call);

        Execution run = Programs.run("sh", "-c", script);

        assertEquals("0\n1\n2\n3\n4\n5\nfourth\n", run.output());
        sandbox.assertNothingIsLeft();
    }

    /** What the shim has open itself, such as the bundle and the connection to its engine, is not to be had. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void preservesNoDescriptorThatItsCallerDoesNotHave(int asked) {
        Bundle bundle = sandbox.bundle().runsScript("ls -l /proc/self/fd");

        jrun.call("run", "--preserve-fds", Integer.toString(asked), "--bundle", bundle.path(), sandbox.newId())
                .failsWith("--preserve-fds: descriptor 3: bad file descriptor");

        sandbox.assertNothingIsLeft();
    }

    @Test
    void passesActivatedSocketsOn() {
        Bundle bundle = sandbox.bundle().runsScript("echo $LISTEN_FDS $LISTEN_PID; ls /proc/self/fd");
        List<String> call = jrun.words("run", "--bundle", bundle.path(), sandbox.newId());
        String script = "exec 3</dev/null 4</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec " + String.join(" ", call);

        Execution run = Programs.run("sh", "-c", script);

        assertEquals("1 1\n0\n1\n2\n3\n4\n", run.output());
    }

    @Test
    void noDescriptorLeaks() {
        Bundle bundle = sandbox.bundle().runsScript("ls /proc/self/fd");
        List<String> call = jrun.words("run", "--bundle", bundle.path(), sandbox.newId());

        Execution run = Programs.run("sh", "-c", "exec 3</ 7</etc/passwd 9</; exec " + String.join(" ", call));

        // The last one is the directory that ls reads.
        assertEquals("0\n1\n2\n3\n", run.output());
    }

    @Test
    void manyLiveAtOnce() {
        Bundle bundle = sandbox.bundle().runsScript("echo $HOSTNAME; exit 5");
        List<Execution.Started> runs = IntStream.range(0, 12)
                .mapToObj(_ -> jrun.start(NO_INPUT, "run", "--bundle", bundle.path(), sandbox.newId()))
                .toList();

        for (Execution.Started run : runs) {
            Execution ended = run.await();
            assertEquals(5, ended.code(), ended::toString);
        }

        sandbox.assertNothingIsLeft();
    }

    private Execution run(String script) {
        Bundle bundle = sandbox.bundle().runsScript(script);
        return jrun.call("run", "--bundle", bundle.path(), sandbox.newId());
    }

    /** A {@code run} whose container's program has been started. */
    private Execution.Started startRun(Bundle bundle, String id) {
        Execution.Started run = jrun.start(NO_INPUT, "run", "--bundle", bundle.path(), id);
        Eventually.isTrue("it runs", () -> {
            Execution state = jrun.call("state", id);
            return state.code() == 0 && state.output().contains("\"running\"");
        });
        return run;
    }

    private static void signal(String name, long pid) {
        Programs.run("sh", "-c", "kill -" + name + " " + pid);
    }
}
