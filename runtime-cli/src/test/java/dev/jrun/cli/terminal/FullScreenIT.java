// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.terminal;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.Screen;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that use the whole of a terminal, with {@code run} and with {@code exec --tty}, in a root file system of
 * Debian (the host's, mounted read-only), as who sits before the caller's terminal sees them.
 */
class FullScreenIT extends RealContainers {

    private static final int ROWS = 29;
    private static final String PROMPT = "inside>";

    private Screen screen;

    @BeforeEach
    void openScreen() {
        Programs.skipUnless(Files.exists(Path.of("/etc/debian_version")), "the host is no Debian");
        screen = Screen.open(directory);
    }

    @AfterEach
    void closeScreen() {
        screen.close();
    }

    private Bundle debian(String... program) {
        Bundle bundle = sandbox.bundle().with("/process/env", """
                ["PATH=/usr/bin:/bin", "TERM=screen", "HOME=/tmp", "PS1=inside> ", "LC_ALL=C.UTF-8"]""").runs(program);
        for (String name : List.of("usr", "etc", "bin", "lib", "lib64")) {
            if (Files.isDirectory(Path.of("/" + name))) {
                bundle.with("/mounts/-", """
                        {"destination": "/%s", "source": "/%s", "options": ["rbind", "ro"]}""".formatted(name, name));
            }
        }
        return bundle.with("/mounts/-", "{\"destination\": \"/tmp\", \"type\": \"tmpfs\"}");
    }

    /** Has the caller's shell execute it in a container. */
    private void execute(String command, String... program) {
        Programs.need(program[0]);
        String id = sandbox.newId();
        List<String> words = new ArrayList<>();
        if (command.equals("run")) {
            Bundle bundle = debian(program).with("/process/terminal", "true");
            words.addAll(jrun.words("run", "--bundle", bundle.path(), id));
        } else {
            String bundle = debian("sleep", "1000").path();
            jrun.call("run", "--detach", "--bundle", bundle, id).succeeds();
            words.addAll(jrun.words("exec", "--tty", id));
            words.addAll(List.of(program));
        }
        screen.enter(String.join(" ", words));
    }

    /** Likewise a shell with job control. */
    private void executeShell(String command, String... needed) {
        Programs.need(needed);
        execute(command, "bash", "--norc", "--noprofile");
        screen.await(PROMPT);
    }

    private void leaveShell() {
        screen.enter("exit 3").awaitLast("shell>").enter("echo code $?").await("code 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void bashHasJobControl(String command) {
        executeShell(command);
        screen.enter("sleep 1000").await("sleep 1000").pressUntil("C-z", "[1]+  Stopped");
        screen.enter("clear; jobs").await("[1]+  Stopped                 sleep 1000\ninside>");
        screen.enter("fg").await("fg\nsleep 1000").pressUntil("C-c", "^C\ninside>");
        screen.enter("sleep 2000").await("sleep 2000").pressUntil("C-\\", "Quit");
        screen.enter("clear")
                .awaitLast(PROMPT)
                .enter("echo reading; cat")
                .await("\nreading\n")
                .enter("line")
                .await("line\nline\n");
        screen.press("C-d").awaitLast(PROMPT);
        leaveShell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void vimEdits(String command) {
        executeShell(command, "vim");
        screen.enter("vim -u NONE -c 'set showmode' /tmp/file").await("[New");
        screen.press("i").await("-- INSERT --").enter("first").enter("second").type("third");
        screen.press("Escape").type("kdd");
        screen.enter(":wq").awaitLast(PROMPT).enter("cat /tmp/file").await("\nfirst\nthird\ninside>");
        leaveShell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void vimIsStoppedAndContinuedAndLearnsOfANewSize(String command) {
        executeShell(command, "vim");
        screen.enter("vim -u NONE -c 'au VimResized * call setline(1, &lines . \" by \" . &columns)' /tmp/file")
                .await("[New");
        screen.press("C-z").await("Stopped").enter("fg").await("~\n~\n");

        screen.resize(80, 24).await("24 by 80\n~");

        screen.enter(":q!").awaitLast(PROMPT);
        leaveShell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void lessPages(String command) {
        executeShell(command, "less");
        screen.enter("seq 1000 | less").await("1\n2\n3").press("Space").await("\n" + 2 * ROWS + "\n");
        screen.press("G").await("1000\n(END)").type("/^500").press("Enter");
        screen.press("g").await("1\n2\n3").press("q").awaitLast(PROMPT);
        leaveShell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void ctrlCInterruptsWhatLessWaitsForAndNotLess(String command) {
        executeShell(command, "less");
        screen.enter("seq 3 > /tmp/file; less +F /tmp/file").await("1\n2\n3").await("Waiting for data");

        screen.press("C-c").awaitNot("Waiting for data").await("(END)");

        screen.press("q").awaitLast(PROMPT);
        leaveShell();
    }

    /** It has nothing to show for 1,000 seconds but its new size. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void topShowsItsProcessesAndLearnsOfANewSize(String command) {
        executeShell(command, "top");
        screen.enter("bash -c 'top -c -d 1000; exit' " + "w".repeat(150) + "-end");
        screen.await("top - ").await("PID USER").await("top -c -d 1000");
        screen.awaitNot("-end");

        screen.resize(260, 30).await("w-end");

        screen.press("q").awaitLast(PROMPT);
        leaveShell();
    }

    /** Keys go to the pane of the outer one, past its own prefix. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "exec"})
    void tmuxRunsInItAndIsDetachedAttachedAndEnded(String command) {
        executeShell(command, "tmux");
        screen.enter("tmux -f /dev/null new-session 'PS1=\"deep> \" bash --norc --noprofile'")
                .await("deep>")
                .await("[0] 0:");
        screen.press("C-b", "\"").await("────").press("C-b", "o").enter("echo in $((40 + 2))");
        screen.await("in 42");

        screen.press("C-b", "d").await("[detached (from session 0)]").awaitLast(PROMPT);
        screen.enter("tmux attach").await("in 42").await("[0] 0:");
        screen.enter("tmux kill-server").await("[server exited]").awaitLast(PROMPT);
        leaveShell();
    }
}
