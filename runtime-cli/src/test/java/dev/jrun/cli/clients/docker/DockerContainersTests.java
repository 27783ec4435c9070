// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import static dev.jrun.cli.clients.docker.DockerDaemon.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.Screen;
import dev.jrun.kernel.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One container at a time, used as Docker's users do: first with runc, then with jrun. */
abstract class DockerContainersTests extends DockerTests {

    private static final String SECURITY = "grep -E '^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status";

    /** Both versions of cgroups: some of these files are there. */
    private static final String LIMITS = """
            cd /sys/fs/cgroup
            cat memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us pids/pids.max cpuset/cpuset.cpus \
                memory.max cpu.max pids.max cpuset.cpus 2> /dev/null || true
            """;

    @Test
    void runs() {
        String seen = sameAsWithRunc(session -> {
            session.script("echo out; echo err >&2; exit 5");
            session.script(
                    "id; pwd; echo $A; hostname; cat /proc/sys/kernel/domainname; grep 10.0.0.1 /etc/hosts",
                    "--user=1000:5",
                    "--workdir=/tmp/new",
                    "--env=A=b",
                    "--hostname=h",
                    "--domainname=d",
                    "--add-host=x:10.0.0.1",
                    "--group-add=7");
            session.script(
                    "touch /x; touch /run/x; df -k /run /dev/shm; cat /proc/sys/net/ipv4/ip_forward /proc/self/oom_score_adj",
                    "--read-only",
                    "--tmpfs=/run:size=64k",
                    "--shm-size=3m",
                    "--sysctl=net.ipv4.ip_forward=0",
                    "--oom-score-adj=200");
            session.script(
                    "touch /host/x; touch /t/x /v/x; ls /host/daemon.json /t /v",
                    "--volume=" + directory + ":/host:ro",
                    "--mount=type=tmpfs,target=/t",
                    "--volume=/v");
        });
        assertTrue(seen.contains("out\nerr\n-> 5\n"), seen);
        assertTrue(seen.contains("uid=1000(bob) gid=5 groups=5,7\n/tmp/new\nb\nh\nd\n10.0.0.1\tx\n-> 0\n"), seen);
        assertTrue(seen.contains("touch: /x: Read-only file system\n"), seen);
        assertTrue(seen.contains("touch: /host/x: Read-only file system\n"), seen);
    }

    @Test
    void runsWithLessRights() {
        String seen = sameAsWithRunc(session -> {
            session.script(SECURITY);
            session.script(SECURITY, "--cap-drop=all");
            session.script(SECURITY, "--cap-drop=all", "--cap-add=NET_ADMIN", "--user=bob");
            session.script(SECURITY, "--security-opt=no-new-privileges");
            session.script(SECURITY, "--security-opt=seccomp=unconfined");
            session.script("unshare -m true; cat /proc/kcore; echo x > /proc/sysrq-trigger");
        });
        assertTrue(seen.contains("CapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\n"), seen);
        assertTrue(seen.contains("unshare: unshare(0x20000): Operation not permitted\n"), seen);
    }

    /** Docker makes exit codes of a few words. */
    @Test
    void tellsWhatCannotBeExecuted() {
        String seen = sameAsWithRunc(session -> {
            session.run("--rm", IMAGE, "none");
            session.run("--rm", IMAGE, "/none");
            session.run("--rm", IMAGE, "/etc");
            session.run("--rm", IMAGE, "/etc/passwd");
            session.run("--rm", "--user=nobody", IMAGE, "true");
        });
        assertEquals(List.of("127", "127", "126", "126", "125"), codes(seen), seen);
        String words = docker.docker("run", "--rm", "--network=none", "--runtime=jrun", IMAGE, "none")
                .errors();
        assertTrue(words.contains("exec: \"none\": executable file not found in $PATH"), words);
    }

    @Test
    void executesProcesses() throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "from outside\n");
        String seen = sameAsWithRunc(session -> {
            session.runDetached(IMAGE, "sleep", "1000");
            session.docker("exec", "one", "sh", "-c", "echo out; echo err >&2; exit 3");
            session.docker("exec", "one", "sh", "-c", "kill -9 $$");
            session.docker(
                    "exec", "--user=1000:5", "--workdir=/tmp", "--env=A=b", "one", "sh", "-c", "id; pwd; echo $A");
            session.docker("exec", "one", "sh", "-c", SECURITY);
            Execution interactive = Execution.started(
                            session.daemon().client("exec", "--interactive", "one", "cat"), input)
                    .await();
            session.transcript().add(List.of("exec", "--interactive", "one", "cat"), interactive);
            session.docker("exec", "one", "none");
            session.docker("exec", "one", "/none");
            session.docker("exec", "one", "/etc");
            session.docker("exec", "--workdir=/nosuch", "one", "true");
            session.docker("exec", "--detach", "one", "sh", "-c", "echo detached > /made; exec sleep 1234");
            session.awaits("detached", "exec", "one", "cat", "/made");
            session.docker("top", "one", "-eo", "user,pid,args");
            session.docker("cp", "one:/made", directory.resolve("copy").toString());
            session.docker("kill", "--signal=KILL", "one");
            session.docker("wait", "one");
            session.docker("exec", "one", "true");
            session.docker("rm", "one");
        });
        assertTrue(seen.contains("uid=1000(bob) gid=5 groups=5\n/tmp\nb\n-> 0\n"), seen);
        assertTrue(seen.contains("cat\nfrom outside\n-> 0\n"), seen);
        assertTrue(seen.contains("root PID sleep 1000\nroot PID sleep 1234\n-> 0\n"), seen);
        assertTrue(seen.contains("$ wait one\n137\n"), seen);
    }

    @Test
    void hasATerminal() {
        for (String runtime : List.of("runc", "jrun")) {
            try (Screen screen = Screen.open(directory)) {
                screen.enter(typed(
                        "run", "--rm", "--name=one", "--network=none", "--runtime=" + runtime, "-it", IMAGE, "sh"));
                screen.awaitLast("/ #");
                // Docker's client tells the size when the program runs already, and may miss a change until then.
                Eventually.isEqual("size", "30 100\n", this::size);
                screen.enter("tty; stty size; echo in $((40 + 2))").await("/dev/pts/0\n30 100\nin 42\n");
                Eventually.isEqual("new size", "20 90\n", () -> {
                    screen.resize(91, 20).resize(90, 20);
                    return size();
                });
                screen.press("C-p", "C-q").await("/ # shell>");
                screen.enter(typed("attach", "one"))
                        .press("Enter")
                        .awaitLast("/ #")
                        .enter("exit 7");
                screen.awaitLast("shell>").enter("echo code $?").await("code 7");

                docker.docker(
                                "run",
                                "--detach",
                                "--rm",
                                "--name=two",
                                "--network=none",
                                "--runtime=" + runtime,
                                IMAGE,
                                "sleep",
                                "1000")
                        .succeeds();
                screen.clear().enter(typed("exec", "-it", "two", "sh"));
                screen.awaitLast("/ #").enter("tty; sleep 1000").await("/dev/pts/0\n");
                screen.press("C-c").enter("echo interrupted; exit 8").await("\ninterrupted\n");
                screen.awaitLast("shell>").enter("echo code $?").await("code 8");
                docker.docker("rm", "--force", "two").succeeds();
            }
        }
    }

    private String size() {
        return docker.docker("exec", "one", "sh", "-c", "stty size < /dev/pts/0")
                .output();
    }

    private String typed(String... words) {
        return String.join(" ", docker.client(words).command());
    }

    @Test
    void hasAnInitThatReapsAndHandsSignalsOn() {
        Programs.skipUnless(
                Execution.of(docker.machine().command("sh", "-c", "command -v docker-init"))
                                .code()
                        == 0,
                "docker-init is not installed");
        String seen = sameAsWithRunc(session -> {
            session.runDetached("--init", IMAGE, "sh", "-c", "trap 'exit 9' TERM; sh -c 'true &'; sleep 1000 & wait");
            session.awaits("", "exec", "one", "sh", "-c", "ps -o stat | grep Z; echo");
            session.docker("exec", "one", "ps", "-o", "args");
            session.docker("stop", "one");
            session.docker("wait", "one");
            session.docker("rm", "one");
        });
        assertTrue(seen.contains("docker-init -- sh -c"), seen);
        assertTrue(seen.contains("$ wait one\n9\n"), seen);
    }

    @Test
    void keepsWithinLimitsThatCanBeChanged() {
        String seen = sameAsWithRunc(session -> {
            session.runDetached(
                    "--memory=64m",
                    "--memory-swap=80m",
                    "--cpus=0.5",
                    "--cpu-shares=300",
                    "--pids-limit=50",
                    "--cpuset-cpus=0",
                    "--ulimit=nofile=512:600",
                    IMAGE,
                    "sleep",
                    "1000");
            // Not the soft one: programs in Go, such as runc, may raise that to the hard one.
            session.docker("exec", "one", "sh", "-c", LIMITS + "ulimit -Hn");
            session.docker("update", "--memory=32m", "--memory-swap=48m", "--cpus=0.25", "--pids-limit=20", "one");
            session.docker("exec", "one", "sh", "-c", LIMITS);
            session.docker("update", "--memory=40m", "one");
            session.docker("update", "--memory=1m", "one");
            session.docker("update", "--cpuset-cpus=4000", "one");
            session.docker("exec", "one", "sh", "-c", LIMITS);
            // What a container had at first does not come back when it starts anew.
            session.docker("restart", "-t", "0", "one");
            session.docker("exec", "one", "sh", "-c", LIMITS);
            session.docker("rm", "--force", "one");
        });
        assertTrue(
                seen.contains("67108864\n50000\n50\n0\n600\n") || seen.contains("67108864\n50000 100000\n50\n0\n600\n"),
                seen);
        assertTrue(seen.contains("33554432\n25000\n20\n0\n") || seen.contains("33554432\n25000 100000\n20\n0\n"), seen);
    }

    @Test
    void tellsWhetherMemoryRanOut() {
        String seen = sameAsWithRunc(session -> {
            session.run(
                    "--name=one",
                    "--memory=16m",
                    "--memory-swap=16m",
                    IMAGE,
                    "dd",
                    "if=/dev/zero",
                    "of=/dev/null",
                    "bs=64M",
                    "count=1");
            session.docker("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}", "one");
            session.docker("rm", "one");
        });
        assertTrue(seen.contains("exited 137 true\n"), seen);
    }

    @Test
    void pausesAndMeasures() {
        String seen = sameAsWithRunc(session -> {
            session.runDetached("--memory=64m", IMAGE, "sleep", "1000");
            session.docker("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "one");
            session.docker("pause", "one");
            session.docker("inspect", "--format", "{{.State.Status}}", "one");
            session.docker("exec", "one", "true");
            session.docker("pause", "one");
            session.docker("top", "one", "-eo", "user,pid,args");
            session.docker("unpause", "one");
            session.docker("unpause", "one");
            session.docker("exec", "one", "echo", "again");
            session.docker("pause", "one");
            session.docker("rm", "--force", "one");
        });
        assertTrue(seen.contains("}} {{.PIDs}} one\none 1\n"), seen);
        assertTrue(seen.contains("\npaused\n"), seen);
        assertTrue(seen.contains("\nagain\n"), seen);
    }

    /** Of a process that computes. */
    @Test
    void measuresUse() {
        docker.docker(
                        "run",
                        "--detach",
                        "--name=one",
                        "--network=none",
                        "--runtime=jrun",
                        "--memory=64m",
                        IMAGE,
                        "sh",
                        "-c",
                        "while :; do :; done")
                .succeeds();
        String use = docker.docker("stats", "--no-stream", "--format", "{{.MemUsage}} {{.CPUPerc}}", "one")
                .output();
        assertTrue(use.matches("[1-9][0-9.]*[KM]iB / 64MiB [1-9][0-9.]*%\n"), use);
        docker.docker("rm", "--force", "one").succeeds();
    }

    @Test
    void showsProcessesWithTheHostsIds() {
        sameAsWithRunc(session -> {
            session.runDetached(IMAGE, "sh", "-c", "sleep 1000 & wait");
            String main = docker.docker("inspect", "--format", "{{.State.Pid}}", "one")
                    .output();
            Eventually.isEqual(
                    "processes", 3, () -> docker.docker("top", "one").lines().size());
            assertEquals(
                    main.strip(), docker.docker("top", "one").lines().get(1).split(" +")[1]);
            session.docker("top", "one", "-eo", "user,pid,args");
            session.docker("rm", "--force", "one");
        });
    }

    @Test
    void looksAfterItsHealth() {
        String seen = sameAsWithRunc(session -> {
            session.runDetached(
                    "--health-cmd=echo looked; test -e /well",
                    "--health-interval=200ms",
                    "--health-retries=2",
                    "--health-timeout=10s",
                    IMAGE,
                    "sleep",
                    "1000");
            String[] health = {"inspect", "--format", "{{.State.Health.Status}}", "one"};
            session.awaits("unhealthy", health);
            session.docker("exec", "one", "touch", "/well");
            session.awaits("healthy", health);
            session.docker(
                    "inspect",
                    "--format",
                    "{{(index .State.Health.Log 0).ExitCode}} {{(index .State.Health.Log 0).Output}}",
                    "one");
            session.docker("rm", "--force", "one");
            session.runDetached(
                    "--health-cmd=sleep 1000",
                    "--health-interval=200ms",
                    "--health-retries=1",
                    "--health-timeout=200ms",
                    IMAGE,
                    "sleep",
                    "1000");
            session.awaits("unhealthy", health);
            session.awaits(
                    "PID   USER     COMMAND", "exec", "one", "sh", "-c", "ps | grep -v -E 'sleep 1000$|grep|ps'");
            session.docker("rm", "--force", "one");
        });
        assertTrue(seen.contains("looked\n"), seen);
    }

    /** With all capabilities that there are: where root lacks one, runc refuses, and jrun leaves it out. */
    @Test
    void isPrivileged() {
        String script = SECURITY
                + "; mount -t tmpfs x /tmp && ls -d /dev/fuse; echo 1 > /proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward";
        String seen = Programs.has(Capability.CAP_SYS_RESOURCE)
                ? sameAsWithRunc(session -> privileged(session, script))
                : played("jrun", session -> privileged(session, script));
        assertTrue(seen.contains("NoNewPrivs:\t0\nSeccomp:\t0\n/dev/"), seen);
        assertTrue(seen.endsWith("1\n-> 0\n"), seen);
    }

    private static void privileged(DockerSession session, String script) {
        session.script(script, "--privileged");
    }

    private static List<String> codes(String transcript) {
        return transcript
                .lines()
                .filter(line -> line.startsWith("-> "))
                .map(line -> line.substring(3))
                .toList();
    }
}
