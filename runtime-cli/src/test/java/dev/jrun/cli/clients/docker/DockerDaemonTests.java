// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import static dev.jrun.cli.clients.docker.DockerDaemon.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Docker does with several containers at once, or without anybody asking. */
abstract class DockerDaemonTests extends DockerTests {

    /** What a step of a build prints, behind its number and the time. */
    private static final Pattern STEP = Pattern.compile("#[0-9]+ [0-9.]+ (.*)");

    private static final List<String> RUNTIMES = List.of("runc", "jrun");

    @Test
    void connectsContainers() {
        String seen = sameAsWithRunc(session -> {
            session.docker("network", "create", "--subnet=172.31.0.0/24", "net");
            session.runWithNetwork(
                            "--detach",
                            "--name=server",
                            "--network=net",
                            "--publish=8080:80",
                            IMAGE,
                            "sh",
                            "-c",
                            "echo page > /index.html; exec httpd -f -h /")
                    .succeeds();
            Eventually.isTrue(
                    "it serves",
                    () -> docker.docker("exec", "server", "wget", "-qO-", "http://127.0.0.1/")
                                    .code()
                            == 0);
            session.runWithNetwork("--rm", "--network=net", IMAGE, "wget", "-qO-", "http://server/");
            session.runWithNetwork("--rm", "--network=container:server", IMAGE, "wget", "-qO-", "http://localhost/");
            session.runWithNetwork("--rm", "--network=host", IMAGE, "wget", "-qO-", "http://127.0.0.1:8080/");
            session.runWithNetwork(
                    "--rm",
                    "--network=net",
                    "--ip=172.31.0.77",
                    "--mac-address=02:42:ac:1f:00:4d",
                    IMAGE,
                    "sh",
                    "-c",
                    "ip address show dev eth0 | grep -o -E '(inet|ether) [^ ]*'; cat /proc/sys/net/ipv4/conf/eth0/forwarding; ip route | grep -o default.*");
            session.runWithNetwork("--rm", IMAGE, "sh", "-c", "ping -c 1 172.30.0.1 | grep -o '1 packets received'");
            session.docker("network", "connect", "bridge", "server");
            session.docker("exec", "server", "ls", "/sys/class/net");
            session.docker("network", "disconnect", "bridge", "server");
            session.docker("exec", "server", "ls", "/sys/class/net");
            session.docker("rm", "--force", "server");
            session.docker("network", "rm", "net");
        });
        assertEquals(4, seen.split("\npage\n-> 0\n", -1).length, seen);
        assertTrue(seen.contains("ether 02:42:ac:1f:00:4d\ninet 172.31.0.77/24\n"), seen);
        assertTrue(seen.contains("1 packets received"), seen);
        assertTrue(seen.contains("eth0\neth1\nlo\n"), seen);
    }

    /** Docker's live-restore: containers outlive the daemon, and are looked after by the next. */
    @Test
    void keepsContainersWhileItRestarts() {
        docker.reload(settings -> settings.put("live-restore", true));
        try {
            for (String runtime : RUNTIMES) {
                detached(
                        runtime, "going-on-" + runtime, "i=0; while :; do i=$((i + 1)); echo line $i; sleep 0.1; done");
                detached(runtime, "ending-" + runtime, "trap 'exit 7' TERM; sleep 1000 & wait");
                Eventually.isTrue(
                        "it has said something",
                        () -> docker.docker("logs", "going-on-" + runtime)
                                .output()
                                .contains("line 2\n"));
            }
            Map<String, String> before = Map.of("runc", pid("going-on-runc"), "jrun", pid("going-on-jrun"));
            List<String> ending = List.of(pid("ending-runc"), pid("ending-jrun"));

            docker.stop();
            ending.forEach(pid -> Execution.of(docker.machine().command("kill", "-s", "TERM", pid))
                    .succeeds());
            ending.forEach(pid -> Eventually.isTrue(
                    "it has ended",
                    () -> Execution.of(docker.machine().command("kill", "-0", pid))
                                    .code()
                            != 0));
            docker.startAgain();

            for (String runtime : RUNTIMES) {
                assertEquals(before.get(runtime), pid("going-on-" + runtime));
            }
            String seen = sameAsWithRunc(session -> {
                String id = "-" + session.runtime();
                session.awaits("exited", "inspect", "--format", "{{.State.Status}}", "ending" + id);
                // Newer versions do not ask for the code of what has ended meanwhile, and say 255.
                session.transcript()
                        .add(
                                List.of("exit code"),
                                docker.docker("inspect", "--format", "{{.State.ExitCode}}", "ending" + id));
                int lines = docker.docker("logs", "going-on" + id).lines().size();
                Eventually.isTrue(
                        "its output is read on",
                        () -> docker.docker("logs", "going-on" + id).lines().size() > lines + 3);
                String[] commands = {
                    "exec NAME echo executed",
                    "pause NAME",
                    "unpause NAME",
                    "update --cpu-shares=300 NAME",
                    "top NAME -o pid",
                    "restart -t 0 NAME",
                    "exec NAME echo executed",
                    "stop -t 0 NAME",
                    "start NAME",
                    "rm --force NAME"
                };
                for (String command : commands) {
                    Execution execution = docker.docker(
                            command.replace("NAME", "going-on" + id).split(" "));
                    assertEquals(0, execution.code(), execution::toString);
                }
                docker.docker("rm", "ending" + id).succeeds();
            });
            assertTrue(seen.matches("\\$ exit code\n(7|255)\n-> 0\n"), seen);
        } finally {
            docker.reload(settings -> settings.put("live-restore", false));
        }
    }

    private void detached(String runtime, String name, String script) {
        docker.docker(
                        "run",
                        "--detach",
                        "--network=none",
                        "--runtime=" + runtime,
                        "--name=" + name,
                        IMAGE,
                        "sh",
                        "-c",
                        script)
                .succeeds();
    }

    private String pid(String container) {
        return docker.docker("inspect", "--format", "{{.State.Pid}}", container)
                .succeeds()
                .output()
                .strip();
    }

    /** Swarm asks for the default. */
    @Test
    void hasItAsDefaultForAServiceOfASwarm() {
        for (String runtime : RUNTIMES) {
            docker.reload(settings -> settings.put("default-runtime", runtime));
            try {
                docker.docker("swarm", "init", "--advertise-addr=127.0.0.1").succeeds();
                docker.docker(
                                "service",
                                "create",
                                "--name=scaled",
                                "--no-resolve-image",
                                "--detach",
                                "--limit-memory=32m",
                                "--restart-delay=100ms",
                                "--stop-grace-period=0s",
                                IMAGE,
                                "sleep",
                                "1000")
                        .succeeds();
                assertRunning(1, runtime);
                docker.docker("service", "scale", "--detach", "scaled=5").succeeds();
                assertRunning(5, runtime);
                // One that ends is replaced.
                String ended = containers().getFirst();
                docker.docker("kill", ended).succeeds();
                Eventually.isTrue(
                        "another runs",
                        () -> containers().size() == 5 && !containers().contains(ended));
                docker.docker("service", "scale", "--detach", "scaled=2").succeeds();
                assertRunning(2, runtime);
                docker.docker("service", "rm", "scaled").succeeds();
                Eventually.isEqual(
                        "containers",
                        List.of(),
                        () -> docker.docker("ps", "--all", "--quiet").lines());
            } finally {
                docker.docker("swarm", "leave", "--force");
                docker.reload(settings -> settings.put("default-runtime", "runc"));
            }
        }
    }

    private void assertRunning(int number, String runtime) {
        Eventually.isEqual(
                "replicas",
                number + "/" + number + "\n",
                () -> docker.docker("service", "ls", "--format", "{{.Replicas}}")
                        .output());
        Eventually.isEqual("containers", number, () -> containers().size());
        for (String container : containers()) {
            assertEquals(
                    runtime + " running\n",
                    docker.docker("inspect", "--format", "{{.HostConfig.Runtime}} {{.State.Status}}", container)
                            .output());
        }
    }

    private List<String> containers() {
        return docker.docker("ps", "--quiet").lines();
    }

    /** BuildKit takes the {@code runc} that it finds. */
    @Test
    void buildsImages() throws IOException {
        Path context = Files.createDirectory(directory.resolve("context"));
        Files.writeString(context.resolve("file"), "from outside\n");
        Files.writeString(context.resolve("Dockerfile"), """
                FROM made
                COPY file /file
                RUN cat /file; id -u; cat /proc/self/status | grep Seccomp:; echo built > /built
                RUN --mount=type=tmpfs,target=/t touch /t/made && ls /t
                RUN --mount=type=bind,target=/context cat /context/file && ! touch /context/file
                RUN ls /sys/class/net
                USER bob
                WORKDIR /home/bob
                RUN id -un; pwd
                """);
        Files.writeString(context.resolve("Failing"), "FROM made\nRUN ls /sys/class/net; echo err >&2; exit 4\n");
        Files.writeString(context.resolve("Without"), "FROM made\nRUN [\"/none\"]\n");
        String expected = built(context);
        docker.buildsWith(Machine.JRUN);
        try {
            assertEquals(expected, built(context));
            // It is jrun that has been called.
            String words = build(context, "Without").errors();
            assertTrue(words.contains("config.json#/process/args/0"), words);
        } finally {
            docker.buildsWithRunc();
        }
        assertEquals("""
                /home/bob
                0
                Seccomp:\t2
                bob
                from outside
                from outside
                lo
                made
                touch: /context/file: Read-only file system
                built
                err
                eth0
                lo
                """, expected);
    }

    private String built(Path context) {
        Execution failing = build(context, "Failing");
        assertEquals(1, failing.code(), failing::toString);
        assertTrue(failing.errors().contains("exit code: 4"), failing::toString);
        return String.join(
                "",
                printed(build(context, "Dockerfile", "--network=none").succeeds()),
                docker.docker("run", "--rm", "--network=none", "built", "cat", "/built")
                        .succeeds()
                        .output(),
                printed(failing));
    }

    /** By the steps, in alphabetical order, since their two outputs come as they come. */
    private static String printed(Execution build) {
        return build.errors()
                .lines()
                .map(STEP::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private Execution build(Path context, String file, String... options) {
        List<String> words = new ArrayList<>();
        words.addAll(hasPlugin("buildx") ? List.of("buildx", "build", "--load") : List.of("build"));
        words.addAll(List.of("--no-cache", "--progress=plain", "--tag=built"));
        words.addAll(List.of("--file=" + context.resolve(file), context.toString()));
        words.addAll(List.of(options));
        ProcessBuilder build = docker.client(words.toArray(String[]::new));
        build.environment().put("DOCKER_BUILDKIT", "1");
        return Execution.of(build);
    }

    private boolean hasPlugin(String name) {
        return docker.docker(name, "version").code() == 0;
    }

    @Test
    void composesServicesThatWaitForEachOther() throws IOException {
        Path file = Files.writeString(directory.resolve("compose.yaml"), """
                services:
                  store:
                    image: made
                    runtime: ${RUNTIME}
                    command: sh -c 'echo page > /tmp/index.html; exec httpd -f -h /tmp'
                    init: true
                    healthcheck: {test: wget -qO- http://127.0.0.1/, interval: 1s, retries: 20}
                  migration:
                    image: made
                    runtime: ${RUNTIME}
                    command: wget -qO- http://store/
                    depends_on: {store: {condition: service_healthy}}
                  web:
                    image: made
                    runtime: ${RUNTIME}
                    command: sh -c 'trap "exit 3" TERM; echo begun; sleep 1000 & wait'
                    depends_on: {store: {condition: service_healthy}, migration: {condition: service_completed_successfully}}
                """);
        Compose compose = Compose.of(docker, file);
        String seen = sameAsWithRunc(session -> {
            compose.call(session.runtime(), "up", "--detach").succeeds();
            session.transcript().add(List.of("services"), compose.services());
            for (String command :
                    List.of("logs --no-color migration", "logs --no-color web", "exec -T web wget -qO- http://store")) {
                session.transcript().add(List.of(command), compose.call(session.runtime(), command.split(" ")));
            }
            compose.call(session.runtime(), "stop", "web").succeeds();
            session.transcript().add(List.of("stopped"), compose.services());
            compose.call(session.runtime(), "start", "web").succeeds();
            compose.call(session.runtime(), "kill", "web").succeeds();
            session.transcript().add(List.of("killed"), compose.services());
            compose.call(session.runtime(), "up", "--detach", "--scale", "web=3")
                    .succeeds();
            session.transcript().add(List.of("scaled"), compose.services());
            compose.call(session.runtime(), "down").succeeds();
            session.docker("ps", "--all", "--quiet");
            session.docker("network", "ls", "--filter", "name=composed");
        });
        String others = "migration exited  0\nstore running healthy 0\n";
        assertTrue(seen.contains("$ services\n" + others + "web running  0\n-> 0\n"), seen);
        assertTrue(seen.contains("| page\n"), seen);
        assertTrue(seen.contains("http://store\npage\n"), seen);
        assertTrue(seen.contains("$ stopped\n" + others + "web exited  3\n"), seen);
        assertTrue(seen.contains("$ killed\n" + others + "web exited  137\n"), seen);
        assertTrue(seen.contains("$ scaled\n" + others + "web running  0\n".repeat(3)), seen);
    }

    /** All containers but the first are jrun's; the last of four runtimes within each other is called by hand. */
    @Test
    void runsInAContainerThatRunsContainersToo() throws IOException {
        Path bundle = directory.resolve("deepest");
        Bundle.create(bundle).runsScript("echo deepest; cat /proc/self/comm");
        NestedDocker nested = NestedDocker.startedBy("jrun", docker);
        String expected = seenInside(nested, "runc");
        assertEquals(expected, seenInside(nested, "jrun"));
        assertTrue(expected.contains("deep\n33554432\n-> 0\n"), expected);
        assertTrue(expected.contains("1 packets received\n-> 0\n"), expected);
        assertServedByOneEngine(nested);
        Execution deepest =
                nested.executeDeeper(Machine.JRUN.toString(), "run", "--bundle", bundle.toString(), "deepest");
        assertEquals("deepest\ncat\n", deepest.succeeds().output());
        nested.stop();
        assertEquals(
                "exited\n",
                docker.docker("inspect", "--format", "{{.State.Status}}", "nested")
                        .output());
    }

    /** It stays in the container, whose namespaces are not the machine's. */
    private static void assertServedByOneEngine(NestedDocker nested) {
        String engine = engine(nested);
        nested.docker("run", "--rm", "--runtime=jrun", IMAGE, "true").succeeds();
        assertEquals(engine, engine(nested));
    }

    private static String engine(NestedDocker nested) {
        return nested.execute(Machine.JRUN.toString(), "engine", "status")
                .succeeds()
                .lines()
                .getFirst();
    }

    private static String seenInside(NestedDocker nested, String runtime) {
        var transcript = new Transcript();
        for (List<String> command : List.of(
                List.of(
                        "run",
                        "--rm",
                        "--memory=32m",
                        IMAGE,
                        "sh",
                        "-c",
                        "echo deep; cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes memory.max 2> /dev/null || true"),
                List.of("run", "--rm", IMAGE, "sh", "-c", "ping -c 1 172.29.0.1 | grep -o '1 packets received'"),
                List.of("run", "--detach", "--name=one", "--init", IMAGE, "sleep", "1000"),
                List.of("exec", "one", "sh", "-c", "echo executed; exit 3"),
                List.of("update", "--memory=64m", "--memory-swap=64m", "one"),
                List.of("pause", "one"),
                List.of("unpause", "one"),
                List.of("top", "one", "-eo", "user,pid,args"),
                List.of("stop", "one"),
                List.of("wait", "one"),
                List.of("rm", "one"))) {
            String[] words = command.getFirst().equals("run")
                    ? Words.of(
                            new String[] {"run", "--runtime=" + runtime},
                            command.subList(1, command.size()).toArray(String[]::new))
                    : command.toArray(String[]::new);
            transcript.add(command, nested.docker(words));
        }
        return transcript.toString();
    }
}
