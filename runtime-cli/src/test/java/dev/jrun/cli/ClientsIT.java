// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Programs that call runtimes, told to call this one, with all that they ask for by default but what root may not do here. */
class ClientsIT extends RealContainers {

    private static final String IMAGE = "localhost/made";
    private static final Path SETTINGS = Path.of("../scripts/engines");

    /** What is installed for an engine's administrator to copy. */
    private Path settings(String name) throws IOException {
        String text = Files.readString(SETTINGS.resolve(name));
        return Files.writeString(
                directory.resolve(name),
                text.replace("@PREFIX@/bin/jrun", jrun.program().toString()));
    }

    @Test
    void podmanRunsContainers() throws IOException {
        importForPodman();

        Execution run = podmanRun("--rm", IMAGE, "sh", "-c", "echo hello; grep Seccomp: /proc/self/status; exit 3");
        assertEquals(3, run.code(), run::toString);
        assertEquals("hello\nSeccomp:\t2\n", run.output());
        // Podman tells by the error's words.
        assertEquals(127, podmanRun("--rm", IMAGE, "/none").code());
        assertEquals(127, podmanRun("--rm", IMAGE, "none").code());
        assertEquals(126, podmanRun("--rm", IMAGE, "/etc").code());
        assertEquals(126, podmanRun("--rm", IMAGE, "/etc/passwd").code());

        podmanRun("--detach", "--name", "lasting", IMAGE, "sleep", "1000").succeeds();
        assertTrue(podman("ps").output().contains("lasting"));
        podman("kill", "lasting").succeeds();
        assertEquals("137\n", podman("wait", "lasting").output());
        podman("rm", "--force", "lasting").succeeds();
        assertEquals("", podman("ps", "--all", "--quiet").output());
    }

    /** It asks that only of runtimes that its settings name. */
    @Test
    void podmanRunsContainersWithoutCgroups() throws IOException {
        importForPodman();
        String own = Files.readString(Path.of("/proc/self/cgroup"));
        assertEquals(
                own,
                podmanRun("--rm", "--cgroups=disabled", "--cgroupns=host", IMAGE, "cat", "/proc/self/cgroup")
                        .succeeds()
                        .output());
    }

    /** It makes exit codes of the words of errors. */
    @Test
    void podmanExecutesProcesses() throws IOException {
        importForPodman();
        podmanRun("--detach", "--name", "lasting", IMAGE, "sleep", "1000").succeeds();

        assertEquals(
                "uid=1000(bob) gid=5\n/tmp\nb\n",
                podman(
                                "exec",
                                "--user=1000:5",
                                "--workdir=/tmp",
                                "--env=A=b",
                                "lasting",
                                "sh",
                                "-c",
                                "id; pwd; echo $A")
                        .succeeds()
                        .output());
        assertEquals(3, podman("exec", "lasting", "sh", "-c", "exit 3").code());
        assertEquals(137, podman("exec", "lasting", "sh", "-c", "kill -9 $$").code());
        assertEquals(127, podman("exec", "lasting", "nosuch").code());
        assertEquals(127, podman("exec", "lasting", "/nosuch").code());
        assertEquals(126, podman("exec", "lasting", "/etc").code());
        assertEquals(126, podman("exec", "lasting", "/etc/passwd").code());
        assertEquals(127, podman("exec", "--workdir=/nosuch", "lasting", "true").code());
        podman("exec", "--detach", "lasting", "sleep", "1234").succeeds();
        Eventually.isTrue("it runs", () -> podmanExec("lasting", "ps").output().contains("sleep 1234"));
        try (Screen screen = Screen.open(directory)) {
            screen.enter(String.join(" ", podmanWords("exec", "--interactive", "--tty", "lasting", "sh")));
            screen.enter("tty; echo in $((40 + 2))")
                    .await("/dev/pts/0\nin 42\n")
                    .enter("exit 7");
            screen.awaitLast("shell>").enter("echo code $?").await("code 7");
        }
        podman("rm", "--force", "--time=0", "lasting").succeeds();
    }

    /** With a rule that denies all devices in the document, whatever is changed. */
    @Test
    void podmanUpdatesContainers() throws IOException {
        importForPodman();
        Programs.skipUnless(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        Programs.skipUnless(podman("update", "--help").code() == 0, "podman is older than 4.3, and has no update");
        podmanRun("--detach", "--name", "lasting", "--memory=64m", "--device=/dev/fuse", IMAGE, "sleep", "1000")
                .succeeds();
        String[] open = {"lasting", "sh", "-c", "echo opened < /dev/fuse"};
        assertEquals("opened\n", podmanExec(open).succeeds().output());
        podman("update", "--memory=32m", "--cpus=0.5", "--cpu-shares=300", "lasting")
                .succeeds();
        assertEquals("33554432\n", podmanExec("lasting", "cat", limitOfMemory()).output());
        assertEquals("opened\n", podmanExec(open).succeeds().output());
        podman("rm", "--force", "--time=0", "lasting").succeeds();
    }

    private static String limitOfMemory() {
        return HostView.isUnifiedOnly() ? "/sys/fs/cgroup/memory.max" : "/sys/fs/cgroup/memory/memory.limit_in_bytes";
    }

    private Execution podmanExec(String... arguments) {
        try {
            List<String> words = new ArrayList<>(List.of("exec"));
            words.addAll(List.of(arguments));
            return podman(words.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatWatchesAPodmanContainerEndsWithIt() throws IOException {
        importForPodman();
        // The container's monitor makes the first call, which starts an engine.
        jrun.call("engine", "stop");
        podmanRun("--detach", "--name", "short", IMAGE, "sleep", "1000").succeeds();
        long monitor = Long.parseLong(podman("inspect", "--format", "{{.State.ConmonPid}}", "short")
                .output()
                .strip());
        podman("kill", "short").succeeds();
        assertEquals("137\n", podman("wait", "short").output());
        Eventually.isTrue("conmon has ended", () -> ProcessHandle.of(monitor).isEmpty());
        podman("rm", "short").succeeds();
    }

    /** Conmon has the socket, and the configuration mounts it: what the runtime has to do is nothing more. */
    @Test
    void podmanHandsNotificationsOn() throws IOException, InterruptedException {
        Programs.need("musl-gcc");
        Path source = Files.writeString(directory.resolve("notify.c"), """
                #include <stdlib.h>
                #include <string.h>
                #include <sys/socket.h>
                #include <sys/un.h>
                int main(void) {
                    struct sockaddr_un address = {.sun_family = AF_UNIX};
                    strncpy(address.sun_path, getenv("NOTIFY_SOCKET"), sizeof address.sun_path - 1);
                    int s = socket(AF_UNIX, SOCK_DGRAM, 0);
                    return sendto(s, "READY=1", 7, 0, (void *)&address, sizeof address) != 7;
                }
                """);
        Path notify = directory.resolve("notify");
        Programs.run("musl-gcc", "-static", "-o", notify.toString(), source.toString());
        importForPodman();
        Path socket = directory.resolve("service.sock");
        try (NotificationListener service = NotificationListener.at(socket)) {
            Execution run = Execution.of(behindEnvironment(
                    "NOTIFY_SOCKET=" + socket,
                    podmanWords(
                            "run",
                            "--rm",
                            "--network=none",
                            "--ulimit=nofile=1024:1024",
                            "--ulimit=nproc=1000:1000",
                            "--sdnotify=container",
                            "--volume=" + notify + ":/notify:ro",
                            IMAGE,
                            "/notify")));
            assertEquals("", run.succeeds().output());
            // One is the container's, by way of conmon, and one Podman's own.
            List<String> messages = service.messages(2).stream().sorted().toList();
            assertTrue(messages.getFirst().matches("MAINPID=[1-9][0-9]*"), messages::toString);
            assertEquals("READY=1", messages.getLast());
        }
    }

    private static ProcessBuilder behindEnvironment(String entry, List<String> command) {
        List<String> words = new ArrayList<>(List.of("env", entry));
        words.addAll(command);
        return new ProcessBuilder(words);
    }

    private void importForPodman() throws IOException {
        Programs.need("podman", "tar");
        Bundle content = sandbox.bundle();
        String archive = directory.resolve("root.tar").toString();
        Programs.run("tar", "-C", content.rootfs().toString(), "-cf", archive, ".");
        podman("import", archive, IMAGE).succeeds();
    }

    private Execution podmanRun(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("run", "--network=none"));
        // Its defaults are above what root may raise limits to on some machines.
        words.addAll(List.of("--ulimit=nofile=1024:1024", "--ulimit=nproc=1000:1000"));
        words.addAll(List.of(arguments));
        return podman(words.toArray(String[]::new));
    }

    private Execution podman(String... arguments) throws IOException {
        return Execution.of(new ProcessBuilder(podmanWords(arguments)));
    }

    private List<String> podmanWords(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("env", "CONTAINERS_CONF=" + settings("containers.conf")));
        words.addAll(List.of("podman", "--cgroup-manager=cgroupfs", "--events-backend=file"));
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("podman").toString()));
        words.addAll(List.of("--runroot", directory.resolve("podman-run").toString()));
        words.add("--runtime=jrun");
        words.addAll(List.of(arguments));
        return words;
    }

    @Test
    void containerdRunsContainers() throws IOException, InterruptedException {
        Programs.need("containerd", "ctr", "umoci", "tar");
        Path socket = directory.resolve("socket");
        Path settings = Files.writeString(directory.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                address = "%2$s"
                """.formatted(directory, socket));
        Execution.Started containerd = Execution.started(
                new ProcessBuilder("containerd", "--config", settings.toString()), Path.of("/dev/null"));
        try {
            Eventually.isTrue("containerd answers", () -> ctr("version").code() == 0);
            ctr("image", "import", "--index-name", IMAGE, archive()).succeeds();
            String id = sandbox.newId();

            Execution run =
                    ctrRun("--rm", IMAGE, id, "sh", "-c", "echo hello; grep Seccomp: /proc/self/status; exit 4");
            assertEquals(4, run.code(), run::toString);
            assertEquals("hello\nSeccomp:\t2\n", run.output());

            ctrRun("--detach", IMAGE, id, "sleep", "1000").succeeds();
            assertTrue(ctr("task", "list").output().contains("RUNNING"));
            ctr("task", "kill", "--signal", "KILL", id).succeeds();
            Eventually.isTrue(
                    "it has stopped", () -> ctr("task", "list").output().contains("STOPPED"));
            ctr("task", "rm", id);
            ctr("container", "rm", id).succeeds();
            assertTrue(ctrRun("--rm", IMAGE, id, "/none").errors().contains("no such file or directory"));
        } finally {
            containerd.process().destroy();
            assertTrue(containerd.process().waitFor(20, TimeUnit.SECONDS));
            containerd.await();
        }
    }

    @Test
    void containerdKnowsItForPods() throws IOException {
        Programs.need("containerd");
        Path settings = Files.writeString(
                directory.resolve("config.toml"),
                "version = 2\nimports = [\"" + settings("containerd-1.toml") + "\"]\n");

        String known = Execution.of(new ProcessBuilder("containerd", "--config", settings.toString(), "config", "dump"))
                .succeeds()
                .output();

        String table = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.jrun.options]";
        assertTrue(known.contains(table), known);
        String options = known.substring(known.indexOf(table) + table.length());
        assertTrue(
                options.substring(0, options.indexOf('[')).contains("BinaryName = \"" + jrun.program() + "\""), known);
    }

    @Test
    void dockerRunsContainers() throws IOException, InterruptedException {
        Programs.need("dockerd", "docker", "containerd", "tar");
        List<String> words = new ArrayList<>(List.of("dockerd", "--host", dockerSocket(), "--storage-driver=vfs"));
        words.addAll(List.of("--data-root", directory.resolve("docker").toString()));
        words.addAll(List.of("--exec-root", directory.resolve("docker-run").toString()));
        words.addAll(List.of("--pidfile", directory.resolve("docker.pid").toString()));
        words.addAll(List.of("--config-file", settings("daemon.json").toString(), "--bridge=none", "--iptables=false"));
        Execution.Started dockerd = Execution.started(new ProcessBuilder(words), Path.of("/dev/null"));
        try {
            Eventually.isTrue("dockerd answers", () -> docker("version").code() == 0);
            String archive = directory.resolve("docker.tar").toString();
            Programs.run("tar", "-C", sandbox.bundle().rootfs().toString(), "-cf", archive, ".");
            docker("import", archive, IMAGE).succeeds();

            Execution run = docker(
                    "run",
                    "--rm",
                    "--runtime=jrun",
                    "--memory=64m",
                    IMAGE,
                    "sh",
                    "-c",
                    "echo hello; grep Seccomp: /proc/self/status; exit 5");
            assertEquals(5, run.code(), run::toString);
            assertEquals("hello\nSeccomp:\t2\n", run.output());
            assertEquals(
                    127, docker("run", "--rm", "--runtime=jrun", IMAGE, "/none").code());

            docker("run", "--detach", "--name=lasting", "--runtime=jrun", IMAGE, "sleep", "1000")
                    .succeeds();
            docker("update", "--memory=32m", "--memory-swap=48m", "--cpus=0.5", "--pids-limit=20", "lasting")
                    .succeeds();
            assertEquals(
                    "33554432\n",
                    docker("exec", "lasting", "cat", limitOfMemory()).output());
            docker("update", "--memory=40m", "lasting").succeeds();
            assertEquals(
                    "41943040\n",
                    docker("exec", "lasting", "cat", limitOfMemory()).output());
            docker("kill", "lasting").succeeds();
            assertEquals("137\n", docker("wait", "lasting").output());
            docker("rm", "lasting").succeeds();
        } finally {
            dockerd.process().destroy();
            assertTrue(dockerd.process().waitFor(30, TimeUnit.SECONDS));
            dockerd.await();
        }
    }

    private Execution docker(String... arguments) {
        List<String> words = new ArrayList<>(List.of("docker", "--host", dockerSocket()));
        words.addAll(List.of(arguments));
        return Execution.of(new ProcessBuilder(words));
    }

    private String dockerSocket() {
        return "unix://" + directory.resolve("docker.sock");
    }

    private String archive() {
        Bundle content = sandbox.bundle();
        String layout = directory.resolve("image").toString();
        String archive = directory.resolve("image.tar").toString();
        Programs.run("umoci", "init", "--layout", layout);
        Programs.run("umoci", "new", "--image", layout + ":made");
        Programs.run(
                "umoci", "insert", "--image", layout + ":made", content.rootfs().toString(), "/");
        Programs.run("tar", "-C", layout, "-cf", archive, ".");
        return archive;
    }

    private Execution ctrRun(String... arguments) {
        List<String> words =
                new ArrayList<>(List.of("run", "--runc-binary", jrun.program().toString()));
        words.addAll(List.of("--snapshotter", "native", "--seccomp"));
        words.addAll(List.of(arguments));
        return ctr(words.toArray(String[]::new));
    }

    private Execution ctr(String... arguments) {
        List<String> words = new ArrayList<>(
                List.of("ctr", "--address", directory.resolve("socket").toString()));
        words.addAll(List.of(arguments));
        return Execution.of(new ProcessBuilder(words));
    }
}
