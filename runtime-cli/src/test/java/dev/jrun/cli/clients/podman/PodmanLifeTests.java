// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What users do with a container that lasts. */
abstract class PodmanLifeTests extends PodmanTests {

    private static final String WAITS =
            "trap 'echo got term; exit 5' TERM; echo started; echo err >&2; sleep 1000 & wait";
    private static final String MEMORY =
            "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2> /dev/null";

    @Test
    void livesAndEnds() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", IMAGE, "sh", "-c", WAITS);
            session.awaits("started", "logs", "c");
            session.podman("inspect", "--format", "{{.State.Status}} {{.State.Running}} {{.State.OciVersion}}", "c");
            session.podman("rm", "c");
            session.podman("pause", "c");
            session.podman("inspect", "--format", "{{.State.Status}}", "c");
            session.podman("exec", "c", "true");
            session.podman("unpause", "c");
            session.podman("kill", "--signal=WINCH", "c");
            session.podman("stop", "c");
            session.podman("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}", "c");
            session.podman("logs", "c");
            session.podman("start", "c");
            session.podman("restart", "--time=0", "c");
            session.podman("ps", "--filter", "status=running", "--format", "{{.Names}}");
            session.podman("kill", "c");
            session.podman("wait", "c");
            session.podman("kill", "c");
            session.podman("rm", "c");
            session.run("--detach", "--name=c", IMAGE, "sleep", "1000");
            session.podman("rm", "--force", "--time=0", "c");
            session.podman("ps", "--all", "--quiet");
        });
        assertTrue(seen.contains("\nrunning true 1."), seen);
        assertTrue(seen.contains("\npaused\n"), seen);
        assertTrue(seen.contains("\nexited 5 false\n"), seen);
        assertTrue(seen.contains("\nstarted\ngot term\nerr\n"), seen);
        assertTrue(seen.contains("$ wait c\n137\n"), seen);
    }

    @Test
    void isCreatedFirstAndStartedLater() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.podman(PodmanSession.withoutNetwork("create", "--name=c", IMAGE, "sh", "-c", "echo in c; exit 4"));
            session.podman("start", "--attach", "c");
            session.podman("init", "c");
            session.podman("inspect", "--format", "{{.State.Status}}", "c");
            session.podman("start", "--attach", "c");
            session.podman("rm", "c");
        });
        assertTrue(seen.contains("$ start --attach c\nin c\n-> 4\n"), seen);
        assertTrue(seen.contains("\ninitialized\n"), seen);
    }

    @Test
    void executesProcesses() throws IOException {
        Path input = Files.writeString(scratch.resolve("input"), "from outside\n");
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", IMAGE, "sleep", "1000");
            session.podman("exec", "c", "sh", "-c", "echo out; echo err >&2; exit 3");
            session.podman("exec", "c", "sh", "-c", "kill -9 $$");
            session.podman("exec", "--user=1000:5", "--workdir=/tmp", "--env=A=b", "c", "sh", "-c", "id; pwd; echo $A");
            session.podman("exec", "--privileged", "c", "grep", "^Cap", "/proc/self/status");
            session.podmanReading(input, "exec", "--interactive", "c", "cat");
            session.podman("exec", "c", "none");
            session.podman("exec", "c", "/none");
            session.podman("exec", "c", "/etc/passwd");
            session.podman("exec", "--workdir=/none", "c", "true");
            session.podman("exec", "--detach", "c", "sh", "-c", "echo detached > /made; exec sleep 1234");
            session.awaits("detached", "exec", "c", "cat", "/made");
            session.podman("top", "c", "user", "args");
            session.podman("rm", "--force", "--time=0", "c");
        });
        assertTrue(seen.contains("\nout\nerr\n-> 3\n"), seen);
        assertTrue(seen.contains("uid=1000(bob) gid=5"), seen);
        assertTrue(seen.contains("\n/tmp\nb\n-> 0\n"), seen);
        assertTrue(seen.contains("cat\nfrom outside\n-> 0\n"), seen);
        assertTrue(seen.contains("/etc/passwd\nError: of the runtime: OCI permission denied\n-> 126\n"), seen);
        assertTrue(seen.contains("root        sleep 1000 \nroot        sleep 1234 \n-> 0\n"), seen);

        // runc says "is a directory" since 1.2, of which Podman makes 255.
        podman.call("jrun", PodmanSession.withoutNetwork("run", "--detach", "--name=c", IMAGE, "sleep", "1000"))
                .succeeds();
        assertEquals(126, podman.call("jrun", "exec", "c", "/etc").code());
    }

    @Test
    void filesGoInAndOut() throws IOException {
        Path file = Files.writeString(scratch.resolve("file"), "content\n");
        Path copy = scratch.resolve("copy");
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", "--volume=v:/v", "--tmpfs=/t", IMAGE, "sleep", "1000");
            session.podman("cp", file.toString(), "c:/made");
            session.podman("cp", file.toString(), "c:/v/made");
            session.podman("cp", file.toString(), "c:/t/made");
            session.podman("exec", "c", "cat", "/made", "/v/made", "/t/made");
            session.podman("cp", "c:/t/made", copy.toString());
            assertEquals("content\n", Files.readString(copy));
            Files.delete(copy);
            session.podman("commit", "--quiet", "c", "localhost/committed");
            session.podman("rm", "--force", "--time=0", "c");
            session.run("--rm", "localhost/committed", "cat", "/made");
            session.podman("rmi", "--force", "localhost/committed");
            session.podman("volume", "rm", "v");
        });
        assertTrue(seen.contains("content\ncontent\ncontent\n"), seen);
        assertTrue(seen.contains("committed cat /made\ncontent\n"), seen);
    }

    /** An update comes with a rule that denies all devices. */
    @Test
    void isMeasuredAndLimitedAnew() throws IOException {
        Programs.skipUnless(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        Programs.skipUnless(
                podman.call("jrun", "update", "--help").code() == 0, "podman is older than 4.3, and has no update");
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", "--memory=64m", "--device=/dev/fuse:/dev/x", IMAGE, "sleep", "1000");
            session.podman("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "c");
            session.podman("update", "--memory=32m", "--cpus=0.5", "--cpu-shares=300", "c");
            session.podman("exec", "c", "sh", "-c", MEMORY + "; echo opened < /dev/x");
            session.podman("rm", "--force", "--time=0", "c");
        });
        assertTrue(seen.contains("}} {{.PIDs}} c\nc 1\n"), seen);
        assertTrue(seen.contains("33554432\nopened\n-> 0\n"), seen);

        podman.call(
                        "jrun",
                        PodmanSession.withoutNetwork(
                                "run",
                                "--detach",
                                "--name=c",
                                "--memory=64m",
                                IMAGE,
                                "sh",
                                "-c",
                                "while :; do :; done"))
                .succeeds();
        String use = podman.call("jrun", "stats", "--no-stream", "--format", "{{.MemUsage}} {{.CPUPerc}}", "c")
                .output();
        assertTrue(use.matches("[1-9][0-9.]*[kM]B / 67.11MB [1-9][0-9.]*%\n"), use);
    }

    @Test
    void hasTerminals() throws IOException {
        for (String runtime : new String[] {"runc", "jrun"}) {
            var session = new PodmanSession(podman, runtime);
            try (Screen screen = Screen.open(scratch)) {
                screen.enter(
                        session.typed("run", "--name=t", "--network=none", "--detach-keys=ctrl-x", "-it", IMAGE, "sh"));
                screen.awaitLast("/ #").enter("tty; stty size; echo in $((40 + 2))");
                screen.await("/dev/pts/0\n30 100\nin 42\n");
                screen.resize(90, 20);
                session.awaits("20 90", "exec", "t", "sh", "-c", "stty size < /dev/pts/0");
                screen.press("C-x").await("/ # shell>");
                screen.clear().enter(session.typed("attach", "t"));
                screen.pressUntil("Enter", "/ #").enter("exit 7");
                assertEquals("7\n", session.podman("wait", "t").output());

                session.run("--detach", "--name=e", IMAGE, "sleep", "1000").succeeds();
                screen.clear().enter(session.typed("exec", "-it", "e", "sh"));
                screen.awaitLast("/ #").enter("tty; sleep 1000").await("/dev/pts/0\n");
                screen.press("C-c").enter("echo interrupted; exit 8").await("\ninterrupted\n");
                screen.awaitLast("shell>").enter("echo code $?").await("code 8");
            }
            podman.removeAll();
        }
    }

    /** A shell that detached, and is found as it was. */
    @Test
    void isAttachedToWithoutATerminal() throws IOException {
        Path input = Files.writeString(scratch.resolve("lines"), "one\ntwo\n");
        String seen = sameAsWithRunc(session -> {
            session.run(
                    "--detach",
                    "--interactive",
                    "--name=c",
                    IMAGE,
                    "sh",
                    "-c",
                    "while read line; do echo got $line; done; exit 6");
            session.podmanReading(input, "attach", "c");
            session.podman("wait", "c");
            session.podman("logs", "c");
            session.podman("rm", "c");
        });
        assertTrue(seen.contains("$ wait c\n6\n"), seen);
        assertTrue(seen.contains("$ logs c\ngot one\ngot two\n"), seen);
    }

    @Test
    void isRestartedWhenItFails() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.run("--detach", "--name=c", "--restart=on-failure:2", IMAGE, "sh", "-c", "echo try; exit 9");
            session.awaits(
                    "exited 9 2",
                    "inspect",
                    "--format",
                    "{{.State.Status}} {{.State.ExitCode}} {{.RestartCount}}",
                    "c");
            session.podman("logs", "c");
            session.podman("rm", "c");
        });
        assertTrue(seen.contains("$ logs c\ntry\ntry\ntry\n"), seen);
    }

    /** By hand: what looks regularly are systemd's timers. */
    @Test
    void itsHealthIsLookedAfter() throws IOException {
        String seen = sameAsWithRunc(session -> {
            session.run(
                    "--detach",
                    "--name=c",
                    "--health-cmd=echo looked; test -e /well",
                    "--health-interval=disable",
                    "--health-retries=1",
                    IMAGE,
                    "sleep",
                    "1000");
            session.podman("healthcheck", "run", "c");
            session.podman("ps", "--filter=health=unhealthy", "--format={{.Names}}");
            session.podman("exec", "c", "touch", "/well");
            session.podman("healthcheck", "run", "c");
            session.podman(
                    "inspect",
                    "--format",
                    "{{.State.Healthcheck.Status}} {{(index .State.Healthcheck.Log 0).Output}}",
                    "c");
            session.podman("rm", "--force", "--time=0", "c");
        });
        assertTrue(seen.contains("\nunhealthy\n"), seen);
        assertTrue(seen.contains("\nhealthy looked\n"), seen);
    }

    @Test
    void whatWatchesItEndsWithIt() {
        // The container's monitor makes the first call, which starts an engine.
        Execution.of(podman.machine().command(Machine.JRUN.toString(), "engine", "stop"));
        var session = new PodmanSession(podman, "jrun");
        session.run("--detach", "--name=c", IMAGE, "sleep", "1000").succeeds();
        String monitor = "/proc/" + session.inspected("{{.State.ConmonPid}}", "c");
        assertTrue(isThere(monitor));
        session.podman("kill", "c").succeeds();
        assertEquals("137\n", session.podman("wait", "c").output());
        Eventually.isTrue("conmon has ended", () -> !isThere(monitor));
    }

    private boolean isThere(String path) {
        return Execution.of(podman.machine().command("test", "-e", path)).code() == 0;
    }
}
