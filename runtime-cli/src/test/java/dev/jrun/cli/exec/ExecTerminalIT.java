// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.ConsoleListener;
import dev.jrun.cli.testing.terminal.Screen;
import dev.jrun.cli.testing.terminal.TerminalMaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is executed in a container gets a terminal of its own there. */
class ExecTerminalIT extends RealContainers {

    private static final String PLACES = """
            tty; ls -ln $(tty) | cut -c 1-40; for n in 0 1 2; do readlink /proc/self/fd/$n; done; stty -a; stat -c %t,%T \
            /dev/console; cut -d ' ' -f 5 /proc/$$/stat""";

    private String started(OciRuntime runtime, Bundle bundle) {
        String id = sandbox.newId();
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        return id;
    }

    private Bundle idle() {
        return sandbox.bundle().runs("sleep", "1000").with("/process/capabilities/ambient", "[]");
    }

    private OciRuntime runtime(String name) {
        if (name.equals("jrun")) {
            return jrun;
        }
        Programs.need(name);
        return sandbox.installed(name).orElseThrow();
    }

    private ConsoleListener listen() {
        return ConsoleListener.at(directory.resolve("console-" + System.nanoTime()));
    }

    /** What the terminal of a process that is executed detached shows until its end. */
    private String shown(OciRuntime runtime, String id, String script) {
        try (ConsoleListener console = listen()) {
            runtime.call(
                            "exec",
                            "--detach",
                            "--tty",
                            "--user",
                            "1000:1000",
                            "--console-socket",
                            console.path(),
                            id,
                            "sh",
                            "-c",
                            script)
                    .succeeds();
            assertEquals("/dev/ptmx", console.messages().getFirst().text());
            try (TerminalMaster terminal = console.terminal()) {
                return terminal.awaitEnd();
            }
        }
    }

    @Test
    void everythingAboutItIsAsWithRunc() {
        OciRuntime runc = runtime("runc");
        String theirs = started(runc, idle());
        String ours = started(jrun, idle());

        // The fifth field is the process group: its own.
        String expected = shown(runc, theirs, PLACES).replaceAll("\\d+\n$", "");
        assertEquals(expected, shown(jrun, ours, PLACES).replaceAll("\\d+\n$", ""));

        runc.call("delete", "--force", theirs).succeeds();
        jrun.call("delete", "--force", ours).succeeds();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itIsItsUsers(boolean inUserNamespace) {
        String id = started(jrun, inUserNamespace ? idle().inUserNamespace() : idle());

        assertEquals("1000 620\n", shown(jrun, id, "stat -c '%u %a' $(tty)"));

        jrun.call("delete", "--force", id).succeeds();
    }

    /** Podman says so in the document alone. */
    @Test
    void aDocumentMayAskForIt() throws IOException {
        String id = started(jrun, idle());
        Path document = Files.writeString(directory.resolve("process.json"), """
                {"terminal": true, "consoleSize": {"height": 5, "width": 7}, "cwd": "/", "env": ["PATH=/bin"],
                 "args": ["stty", "size"]}""");
        try (ConsoleListener console = listen()) {
            jrun.call("exec", "-d", "--process", document.toString(), "--console-socket", console.path(), id)
                    .succeeds();
            try (TerminalMaster terminal = console.terminal()) {
                assertEquals("5 7\n", terminal.awaitEnd());
            }
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    @ParameterizedTest
    @CsvSource({"jrun", "runc"})
    void inTheForegroundItIsRelayed(String name) {
        OciRuntime runtime = runtime(name);
        String id = started(runtime, idle());
        try (Screen screen = Screen.open(directory)) {
            screen.enter(String.join(" ", runtime.words("exec", "--tty", id, "sh")));
            screen.enter("until stty size | grep 30; do :; done; tty").await("30 100\n/dev/pts/0\n");
            screen.enter("exit 7")
                    .await("shell> \n".strip())
                    .awaitLast("shell>")
                    .enter("echo code $?")
                    .await("code 7");
        }
        runtime.call("delete", "--force", id).succeeds();
    }

    @Test
    void ctrlCIsTheProcesssAndTheTerminalIsRestored() throws IOException {
        String id = started(jrun, idle());
        try (Screen screen = Screen.open(directory)) {
            screen.enter("stty -g > before").awaitLast("shell>");
            screen.enter(String.join(" ", jrun.words("exec", "-t", id, "sh", "-c"))
                    + " 'trap \"echo; exit 5\" INT; echo ready; while :; do sleep 0.1; done'");
            screen.await("\nready\n")
                    .press("C-c")
                    .awaitLast("shell>")
                    .enter("echo code $?")
                    .await("code 5");
            screen.enter("stty -g > after; echo done").await("\ndone");
        }
        assertEquals(Files.readString(directory.resolve("before")), Files.readString(directory.resolve("after")));
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void whoGetsNoneOrNeedsNoneIsToldAsByRunc() {
        String id = started(jrun, idle());

        fails(
                "cannot allocate tty if jrun will detach without setting console socket",
                "--detach",
                "--tty",
                id,
                "true");
        for (String option : List.of("--tty", "--detach")) {
            fails(
                    "cannot use console socket if jrun will not detach or allocate tty",
                    option,
                    "--console-socket",
                    "/run/socket",
                    id,
                    "true");
        }
        fails(
                "connect to the console socket /nowhere: no such file or directory",
                "--detach",
                "--tty",
                "--console-socket",
                "/nowhere",
                id,
                "true");

        assertEquals("running", jrun.status(id));
        jrun.call("delete", "--force", id).succeeds();
    }

    /** An error of exec itself. */
    private void fails(String words, String... arguments) {
        List<String> call = new ArrayList<>(List.of("exec"));
        call.addAll(List.of(arguments));
        Execution exec = jrun.call(call.toArray(String[]::new));
        assertEquals(255, exec.code(), exec::toString);
        assertTrue(exec.errors().contains(words), exec::toString);
    }
}
