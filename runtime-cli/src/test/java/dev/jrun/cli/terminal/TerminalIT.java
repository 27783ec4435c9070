// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.notify.ServiceManagerSocket;
import dev.jrun.cli.testing.terminal.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A container with a terminal in the foreground, as who sits before the caller's terminal sees it. */
class TerminalIT extends RealContainers {

    private Screen screen;

    @BeforeEach
    void openScreen() {
        screen = Screen.open(directory);
    }

    @AfterEach
    void closeScreen() {
        screen.close();
    }

    private Bundle bundle(String script) {
        return sandbox.bundle().with("/process/terminal", "true").runsScript(script);
    }

    private OciRuntime runtime(String name) {
        if (name.equals("jrun")) {
            return jrun;
        }
        Programs.need(name);
        return sandbox.installed(name).orElseThrow();
    }

    /** The line that runs it. */
    private String run(OciRuntime runtime, Bundle bundle, String id) {
        return String.join(" ", runtime.words("run", "--bundle", bundle.path(), id));
    }

    private String run(Bundle bundle) {
        return run(jrun, bundle, sandbox.newId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jrun", "runc"})
    void itIsAsLargeAsTheCallersAndItsExitCodeIsTold(String name) {
        OciRuntime runtime = runtime(name);
        Bundle bundle = bundle("until stty size | grep 30; do :; done; tty; read word; echo got $word; exit 7");

        screen.enter(run(runtime, bundle, sandbox.newId())).await("30 100\n/dev/pts/0\n");
        screen.enter("hello").await("hello\ngot hello\n").enter("echo code $?").await("code 7");
    }

    @Test
    void aNewSizeIsTheContainersToo() {
        Bundle bundle = bundle("trap 'stty size' WINCH; trap exit QUIT; echo ready; while :; do sleep 0.1; done");

        screen.enter(run(bundle)).await("ready\n").resize(80, 24).await("24 80");
        screen.press("C-\\").awaitLast("shell>");
    }

    /** What a terminal is before, it has to be afterwards. */
    private void assertRestoredAfter(Runnable what) throws IOException {
        screen.enter("stty -g > before").awaitLast("shell>");
        what.run();
        screen.awaitLast("shell>").enter("stty -g > after; echo done").await("\ndone");
        assertEquals(Files.readString(directory.resolve("before")), Files.readString(directory.resolve("after")));
    }

    @Test
    void theTerminalIsRestoredWhenTheContainerIsKilled() throws IOException {
        String id = sandbox.newId();
        assertRestoredAfter(() -> {
            screen.enter(run(jrun, bundle("echo ready; sleep 1000"), id)).await("ready\n");
            jrun.call("kill", id, "KILL").succeeds();
        });
        screen.enter("echo $?").await("shell>");
    }

    @Test
    void theTerminalIsRestoredWhenTheEngineIsKilled() throws IOException {
        assertRestoredAfter(() -> {
            screen.enter(run(bundle("echo ready; read word; echo got $word"))).await("ready\n");
            ProcessHandle engine = engine();
            engine.destroyForcibly();
            engine.onExit().join();
            screen.enter("hello").await("got hello");
        });
    }

    /** That which serves the caller; of this build, so that it is no other's. */
    private ProcessHandle engine() {
        String status = jrun.call("engine", "status").succeeds().output();
        return ProcessHandle.of(Long.parseLong(status.replaceAll("(?s).*\\bpid (\\d+).*", "$1")))
                .orElseThrow();
    }

    @Test
    void theTerminalIsRestoredWhenTheContainerCannotBeMade() throws IOException {
        assertRestoredAfter(() -> screen.enter(
                        run(sandbox.bundle().with("/process/terminal", "true").runs("/nothing")))
                .await("/nothing"));
    }

    @Test
    void aShellMayStopAndContinueTheCall() throws IOException {
        assertRestoredAfter(() -> {
            screen.enter(run(bundle("echo ready; read word; echo got $word")) + " &")
                    .await("[1]");
            Eventually.isTrue("it is stopped", () -> state(shim()).equals("T"));
            screen.enter("").await("[1]+  Stopped").enter("fg").await("ready");
            Programs.run("kill", "-TSTP", Long.toString(shim().pid()));
            screen.awaitLast("shell>").enter("echo back").await("\nback\n").enter("fg");
            screen.enter("hello").await("got hello");
        });
    }

    @Test
    void theCallersHangupEndsTheContainer() {
        String id = sandbox.newId();
        screen.enter(run(jrun, bundle("trap 'exit 5' HUP; echo ready; while :; do sleep 0.1; done"), id))
                .await("ready\n");
        screen.close();
        Eventually.isTrue(
                "the container has ended", () -> jrun.call("state", id).code() != 0);
    }

    /** Whoever waits for the container to be ready has nothing of the terminal. */
    @Test
    void itHangsUpAlsoWhereAServiceManagerWaits() throws IOException {
        String id = sandbox.newId();
        try (ServiceManagerSocket manager = ServiceManagerSocket.at(directory.resolve("manager"))) {
            screen.enter(manager.variable() + " "
                            + run(jrun, bundle("trap '' HUP; echo ready; while read word; do :; done"), id))
                    .await("ready\n");
            screen.close();
            Eventually.isTrue(
                    "the container has ended", () -> jrun.call("state", id).code() != 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jrun, '', 'one\ntwo\n'",
        "runc, '', 'one\ntwo\n'",
        "jrun, 0<&-, 'one\ntwo\n'",
    })
    void whatIsNoTerminalGetsTheLinesAsTheyWere(String name, String input, String expected) throws IOException {
        OciRuntime runtime = runtime(name);

        screen.enter(run(runtime, bundle("echo one; echo two"), sandbox.newId()) + " " + input
                        + " > output; echo code $?")
                .await("code 0");

        assertEquals(expected, Files.readString(directory.resolve("output")));
    }

    /** Runc's waits for ever. */
    @Test
    void theEndOfItsInputIsAnEndOfFile() {
        screen.enter("printf 'one\\ntwo' | " + run(bundle("stty -echo; cat; echo; echo over")))
                .await("over\n");
        screen.assertShows("one\ntwo");
    }

    @Test
    void anOutputThatEndsEarlyEndsTheContainer() {
        screen.enter(run(bundle("while echo line; do :; done; exit 9")) + " | head -n 1; echo code ${PIPESTATUS[0]}")
                .await("code 9");
    }

    @Test
    void eightyMegabytesArriveWhole() {
        Bundle bundle = bundle("dd if=/dev/zero bs=64k count=1280 2>/dev/null");

        screen.enter(run(bundle) + " | wc -c").await("\n83886080\n");
    }

    /** No engine, no thread and no timer: one process that is woken by what there is to do. */
    @Test
    void theRelayIsOneProcessThatSleepsInPoll() throws IOException {
        String id = sandbox.newId();
        screen.enter(run(jrun, bundle("echo ready; read word"), id)).await("ready\n");
        ProcessHandle shim = shim();
        Path process = Path.of("/proc", Long.toString(shim.pid()));

        Eventually.isTrue("it sleeps in ppoll", () -> systemCall(process).startsWith("271 "));
        assertEquals(1, shim.children().count(), "its only child is the container");
        try (var threads = Files.list(process.resolve("task"))) {
            assertEquals(1, threads.count());
        }
        // The time-out of ppoll(2).
        assertEquals("0x0", systemCall(process).split(" ")[3]);
        screen.press("Enter").awaitLast("shell>");
    }

    /** It executes from memory, from a file of this name. */
    private ProcessHandle shim() {
        Eventually.isTrue(
                "there is a shim", () -> !screen.processes("memfd:jrun").isEmpty());
        return screen.processes("memfd:jrun").getFirst();
    }

    private static String state(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String systemCall(Path process) {
        try {
            return Files.readString(process.resolve("syscall"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void inAUserNamespaceItWorksToo() {
        Bundle bundle = bundle("stat -c %u $(tty); read word; echo got $word").inUserNamespace();

        screen.enter(run(bundle)).await("0\n").enter("hello").await("got hello");
    }

    @Test
    void withoutAnyTerminalTheConfiguredSizeCounts() {
        Bundle bundle = bundle("stty size; exit 4").with("/process/consoleSize", "{\"height\": 33, \"width\": 44}");

        Execution run = jrun.call("run", "--bundle", bundle.path(), sandbox.newId());

        assertEquals("33 44\n", run.output());
        assertEquals(4, run.code());
        assertFalse(run.errors().contains("jrun:"), run::errors);
    }
}
