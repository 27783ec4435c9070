// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Programs that call runtimes, told to call this one, with all that they ask for by default but what root may not do here. */
class ClientsIT extends RealContainers {

    private static final String IMAGE = "localhost/made";

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
        List<String> words = new ArrayList<>(List.of("podman", "--cgroup-manager=cgroupfs", "--events-backend=file"));
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("podman").toString()));
        words.addAll(List.of("--runroot", directory.resolve("podman-run").toString()));
        words.addAll(List.of("--runtime", jrun.program().toString()));
        words.addAll(List.of(arguments));
        return Execution.of(new ProcessBuilder(words));
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
    void dockerRunsContainers() throws IOException, InterruptedException {
        Programs.need("dockerd", "docker", "containerd", "tar");
        List<String> words = new ArrayList<>(List.of("dockerd", "--host", dockerSocket(), "--storage-driver=vfs"));
        words.addAll(List.of("--data-root", directory.resolve("docker").toString()));
        words.addAll(List.of("--exec-root", directory.resolve("docker-run").toString()));
        words.addAll(List.of("--pidfile", directory.resolve("docker.pid").toString()));
        words.addAll(List.of("--add-runtime", "jrun=" + jrun.program(), "--bridge=none", "--iptables=false"));
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
