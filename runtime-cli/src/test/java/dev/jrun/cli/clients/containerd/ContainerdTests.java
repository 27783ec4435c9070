// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.CgroupOfTests;
import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.terminal.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** containerd by ctr(8), and its shim: what every client of containerd has. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContainerdTests {

    private static final List<String> RUN = List.of();
    private static final List<String> DETACHED = List.of("--detach");
    private static final String[] LASTING = {"c", "sleep", "1000"};

    private final Opened opened = new Opened();
    private CgroupOfTests cgroup;
    private Path directory;
    private Containerd containerd;

    abstract Machine machine(Path scratch);

    @BeforeAll
    void start(@TempDir Path scratch) {
        directory = scratch;
        cgroup = opened.add(CgroupOfTests.named("jrun-ctr"));
        Machine machine = opened.add(machine(scratch));
        containerd = opened.add(Containerd.start(machine, scratch.resolve("containerd")));
        containerd.importImages(cgroup.name());
    }

    @AfterAll
    void end() throws Exception {
        opened.closeAll();
    }

    private String sameAsWithRunc(Consumer<Ctr> session) {
        String runc = transcript(Path.of("runc"), session);
        String jrun = transcript(Machine.JRUN, session);
        assertEquals(runc, jrun);
        return jrun;
    }

    private String transcript(Path runtime, Consumer<Ctr> session) {
        Ctr ctr = new Ctr(containerd, cgroup.name(), runtime, new Transcript());
        session.accept(ctr);
        assertEquals("", ctr.quietly("container", "list", "--quiet").output());
        return ctr.transcript().toString();
    }

    @Test
    void runs() {
        String seen = sameAsWithRunc(ctr -> {
            ctr.run(List.of("--rm"), "c", "sh", "-c", "echo out; echo err >&2; exit 4");
            ctr.run(
                    List.of("--rm", "--seccomp", "--read-only", "--cwd=/tmp", "--env=A=b", "--cap-drop=CAP_CHOWN"),
                    "c",
                    "sh",
                    "-c",
                    "pwd; echo $A; grep -E '^(Seccomp:|CapEff)' /proc/self/status; touch /new");
            ctr.run(
                    List.of("--rm", "--privileged"),
                    "c",
                    "sh",
                    "-c",
                    "grep CapEff /proc/self/status; ls /dev | grep -v core | wc -l");
            ctr.run(List.of("--rm"), "c", "/nosuch");
            ctr.run(List.of("--rm"), "c", "nosuch");
        });
        assertTrue(seen.contains("\nout\nerr\n-> 4\n"), seen);
        assertTrue(seen.contains("/tmp\nb\n"), seen);
        assertTrue(seen.contains("Seccomp:\t2\n"), seen);
    }

    @Test
    void executesPausesAndEnds() {
        String seen = sameAsWithRunc(ctr -> {
            ctr.run(DETACHED, LASTING);
            ctr.awaits("RUNNING", "c");
            ctr.ctr("task", "exec", "--exec-id=e", "--cwd=/tmp", "c", "sh", "-c", "pwd; echo err >&2; exit 3");
            ctr.ctr("task", "exec", "--exec-id=e", "c", "/nosuch");
            ctr.ctr("task", "exec", "--exec-id=e", "--detach", "c", "sleep", "1234");
            assertEquals(3, ctr.quietly("task", "ps", "c").succeeds().lines().size(), "two processes and a title");
            ctr.ctr("task", "pause", "c");
            ctr.awaits("PAUSED", "c");
            ctr.ctr("task", "resume", "c");
            ctr.awaits("RUNNING", "c");
            ctr.ctr("task", "exec", "--exec-id=f", "c", "echo", "goes on");
            ctr.ctr("task", "kill", "--signal=SIGKILL", "c");
            ctr.awaits("STOPPED", "c");
            ctr.ctr("task", "kill", "c");
            ctr.ctr("task", "delete", "c");
            ctr.ctr("container", "delete", "c");
        });
        assertTrue(seen.contains("/tmp\nerr\n-> 3\n"), seen);
        assertTrue(seen.contains("goes on\n-> 0\n"), seen);
    }

    @Test
    void hasMetrics() {
        String seen = sameAsWithRunc(ctr -> {
            ctr.run(List.of("--detach", "--memory-limit=67108864"), LASTING);
            Execution metrics = ctr.quietly("task", "metrics", "c").succeeds();
            metrics.lines().forEach(line -> ctr.transcript().add(List.of(line.split("\\s+")[0]), nothing()));
            ctr.remove("c");
        });
        assertTrue(seen.contains("memory.limit") || seen.contains("memory.usage"), seen);
    }

    private static Execution nothing() {
        return new Execution(List.of(), 0, "", "");
    }

    @Test
    void tellsOfEvents() {
        String seen = sameAsWithRunc(ctr -> {
            Execution.Started events = Execution.started(ctr.command("events"), Path.of("/dev/null"));
            Eventually.isTrue("they are told", () -> {
                ctr.quietly("image", "label", Containerd.IMAGE, "a=b").succeeds();
                return !events.outputSoFar().isEmpty();
            });
            ctr.run(DETACHED, LASTING);
            ctr.ctr("task", "exec", "--exec-id=e", "c", "true");
            ctr.ctr("task", "pause", "c");
            ctr.ctr("task", "resume", "c");
            ctr.ctr("task", "kill", "--signal=SIGKILL", "c");
            ctr.awaits("STOPPED", "c");
            ctr.remove("c");
            // What memory runs out for is not what the container ends with: its cgroup would be gone before one looks
            // at it.
            ctr.run(
                    List.of("--detach", "--memory-limit=25165824"),
                    "c",
                    "sh",
                    "-c",
                    "tail -c 64m /dev/zero; sleep 1000");
            Eventually.isTrue("it is told", () -> topics(events).contains("/tasks/oom"));
            ctr.remove("c");
            Eventually.isTrue("both are gone", () -> events.outputSoFar().split("/containers/delete").length > 2);
            ctr.transcript().add(topics(events), nothing());
            events.process().destroy();
            events.await();
        });
        assertTrue(seen.contains("/tasks/exec-started"), seen);
        assertTrue(seen.contains("/tasks/paused"), seen);
    }

    /** But that a task is gone, which gets lost with the shim now and then. */
    private static List<String> topics(Execution.Started events) {
        return events.outputSoFar()
                .lines()
                .flatMap(line -> Stream.of(line.split(" "))
                        .filter(word -> word.startsWith("/tasks/") && !word.equals("/tasks/delete"))
                        .limit(1))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void hasTerminals() throws IOException {
        for (Path runtime : List.of(Path.of("runc"), Machine.JRUN)) {
            Ctr ctr = new Ctr(containerd, cgroup.name(), runtime, new Transcript());
            try (Screen screen = Screen.open(Files.createTempDirectory(directory, "screen"));
                    Screen other = Screen.open(Files.createTempDirectory(directory, "screen"))) {
                screen.resize(77, 22);
                screen.enter(typed(ctr, ctr.runWords(List.of("--rm", "--tty"), "c", "sh")));
                screen.enter("tty; echo in $((40 + 2))").await("/dev/pts/0\nin 42\n");
                screen.enter(until("22 77")).await("\n22 77\n");
                screen.resize(88, 23).enter(until("23 88")).await("\n23 88\n");
                other.enter(typed(ctr, "task", "exec", "--exec-id=e", "--tty", "c", "sh"));
                other.enter("tty; echo in $((50 + 2))")
                        .await("/dev/pts/1\nin 52\n")
                        .enter("exit 7");
                other.awaitLast("shell>").enter("echo code $?").await("code 7");
                screen.enter("sleep 1234").pressUntil("C-c", "^C").enter("exit 8");
                screen.awaitLast("shell>").enter("echo code $?").await("code 8");
            }
        }
    }

    /** ctr(8) says how large the terminal is when the process runs already. */
    private static String until(String size) {
        return "until stty size | grep '" + size + "'; do sleep 0.1; done";
    }

    private static String typed(Ctr ctr, String... arguments) {
        return String.join(" ", ctr.command(arguments).command());
    }

    @Test
    void whoWantsACheckpointIsToldThatThereIsNone() {
        Ctr ctr = new Ctr(containerd, cgroup.name(), Machine.JRUN, new Transcript());
        ctr.run(DETACHED, LASTING).succeeds();
        Execution refused = ctr.quietly("task", "checkpoint", "c");
        assertEquals(1, refused.code());
        assertTrue(refused.errors().contains("jrun: there is no command \"checkpoint\""), refused::toString);
        ctr.awaits("RUNNING", "c");
        ctr.remove("c");
    }
}
