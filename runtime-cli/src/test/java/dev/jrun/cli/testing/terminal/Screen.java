// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.terminal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A terminal with a shell that has job control, on which tests type and of which they read what a user would see:
 * tmux(1).
 */
public final class Screen implements AutoCloseable {

    /** A server that has been told to end may still have its socket when the next begins. */
    private static final AtomicInteger OPENED = new AtomicInteger();

    private final Path socket;

    private Screen(Path socket) {
        this.socket = socket;
    }

    /** A shell in {@code directory}, with a prompt. */
    public static Screen open(Path directory) {
        Programs.need("tmux", "bash");
        Screen screen = new Screen(directory.resolve("tmux-" + OPENED.incrementAndGet()));
        screen.tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "100",
                "-y",
                "30",
                "-c",
                directory.toString(),
                "env",
                "PS1=shell> ",
                "JRUN_ENGINE_IDLE=30",
                "bash",
                "--norc",
                "--noprofile");
        screen.await("shell>");
        return screen;
    }

    private Execution tmux(String... arguments) {
        List<String> words = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        words.addAll(List.of(arguments));
        return Programs.run(words);
    }

    /** Types it. */
    public Screen type(String text) {
        tmux("send-keys", "-l", "--", text);
        return this;
    }

    /** Types it, and Enter. */
    public Screen enter(String line) {
        type(line);
        return press("Enter");
    }

    /**
     * Presses a key again and again until {@code text} is shown: what it goes to begins or goes on at some moment, and
     * who has the terminal until then has no use for it.
     */
    public Screen pressUntil(String key, String text) {
        Eventually.isTrue("\"" + text + "\" is shown after " + key, () -> {
            boolean shown = shown().contains(text);
            if (!shown) {
                press(key);
            }
            return shown;
        });
        return this;
    }

    /** Presses keys, as tmux calls them: {@code C-c}, {@code Escape}, {@code Down}. */
    public Screen press(String... keys) {
        List<String> words = new ArrayList<>(List.of("send-keys"));
        words.addAll(List.of(keys));
        tmux(words.toArray(String[]::new));
        return this;
    }

    /** What a user sees, without spaces at the ends of lines. */
    public String shown() {
        return tmux("capture-pane", "-p").output();
    }

    public Screen await(String text) {
        try {
            Eventually.isTrue(text, () -> shown().contains(text));
        } catch (AssertionError e) {
            throw new AssertionError("\"" + text + "\" is not on the screen:\n" + shown(), e);
        }
        return this;
    }

    public Screen awaitNot(String text) {
        Eventually.isTrue("\"" + text + "\" is not on the screen", () -> !shown().contains(text));
        return this;
    }

    /** Waits until the last line with something on it begins so. */
    public Screen awaitLast(String text) {
        Eventually.isTrue(
                "the last line is " + text,
                () -> shown().strip()
                        .lines()
                        .reduce("", (earlier, line) -> line)
                        .startsWith(text));
        return this;
    }

    public Screen clear() {
        enter("clear");
        return awaitLast("shell>");
    }

    public Screen resize(int columns, int rows) {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
        return this;
    }

    /** The processes that were started here and whose executable's path has this in it. */
    public List<ProcessHandle> processes(String name) {
        long shell = Long.parseLong(
                tmux("display-message", "-p", "#{pane_pid}").output().strip());
        try (Stream<ProcessHandle> all = ProcessHandle.of(shell).orElseThrow().descendants()) {
            return all.filter(process -> process.info().command().orElse("").contains(name))
                    .toList();
        }
    }

    /** The terminal is gone. */
    @Override
    public void close() {
        Execution.of(new ProcessBuilder("tmux", "-S", socket.toString(), "kill-server"));
    }

    public void assertShows(String text) {
        assertTrue(shown().contains(text), this::shown);
    }
}
