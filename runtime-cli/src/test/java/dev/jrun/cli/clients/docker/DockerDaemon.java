// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.cli.clients.CgroupOfTests;
import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A dockerd with its containerd, and its client, on a machine whose network is its own. It knows jrun, and uses runc
 * unless told otherwise.
 */
final class DockerDaemon implements AutoCloseable {

    /** An image with busybox. */
    static final String IMAGE = "made";

    private static final Path EXAMPLE = Path.of("../scripts/engines/daemon.json");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_SECONDS = 30;

    private final Machine machine;
    private final Path directory;
    private final ObjectNode settings;
    private final CgroupOfTests cgroup = CgroupOfTests.named("jrun-docker");
    private final String runc;
    private Process process;

    private DockerDaemon(Machine machine, Path directory) throws IOException {
        this.machine = machine;
        this.directory = directory;
        this.settings = (ObjectNode)
                JSON.readTree(Files.readString(EXAMPLE).replace("@PREFIX@/bin/jrun", Machine.JRUN.toString()));
        this.runc = Execution.of(machine.command("sh", "-c", "command -v runc"))
                .succeeds()
                .output()
                .strip();
    }

    /** @param directory one that has the same path on the machine */
    static DockerDaemon start(Machine machine, Path directory) throws IOException {
        var daemon = new DockerDaemon(machine, directory);
        Files.createDirectory(daemon.links());
        daemon.buildsWith(Path.of(daemon.runc));
        Files.writeString(daemon.settingsFile(), daemon.settings.toString());
        try {
            daemon.start();
            Path root = Bundle.createAsImage(directory.resolve("image")).rootfs();
            Files.writeString(root.resolve("etc/group"), "root:x:0:\nbob:x:1000:\n");
            Programs.run("tar", "-C", root.toString(), "-cf", daemon.archive().toString(), ".");
            daemon.docker("import", daemon.archive().toString(), IMAGE).succeeds();
            return daemon;
        } catch (AssertionError e) {
            daemon.close();
            throw e;
        }
    }

    Machine machine() {
        return machine;
    }

    Path directory() {
        return directory;
    }

    /** The content of {@link #IMAGE}. */
    Path archive() {
        return directory.resolve("root.tar");
    }

    private Path settingsFile() {
        return directory.resolve("daemon.json");
    }

    private Path pidFile() {
        return directory.resolve("docker.pid");
    }

    /** What is in here goes before what is installed. */
    private Path links() {
        return directory.resolve("bin");
    }

    /** Where it listens. */
    String socket() {
        return "unix://" + directory.resolve("docker.sock");
    }

    private void start() {
        List<String> words = new ArrayList<>();
        words.addAll(
                List.of("env", "PATH=" + links() + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        words.addAll(List.of("dockerd", "--host", socket(), "--storage-driver=vfs"));
        words.addAll(List.of("--data-root", directory.resolve("data").toString()));
        words.addAll(List.of("--pidfile", pidFile().toString()));
        words.addAll(List.of("--config-file", settingsFile().toString()));
        words.addAll(List.of("--cgroup-parent", "/" + cgroup.name(), "--exec-opt", "native.cgroupdriver=cgroupfs"));
        words.addAll(List.of("--bip=172.30.0.1/24", "--default-ulimit=nofile=1024:1024"));
        File log = directory.resolve("dockerd.log").toFile();
        try {
            process = machine.command(words)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            Eventually.isTrue(
                    "dockerd answers",
                    () -> !process.isAlive() || docker("version").code() == 0);
            if (!process.isAlive()) {
                throw new AssertionError("dockerd has ended: " + Files.readString(log.toPath()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as systemctl would, and waits until it has ended. */
    void stop() {
        signal("TERM");
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("dockerd does not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts it again after {@link #stop}. */
    void startAgain() {
        start();
    }

    /** Changes its settings, and has it read them while it runs. */
    void reload(Consumer<ObjectNode> change) {
        change.accept(settings);
        try {
            Files.writeString(settingsFile(), settings.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        signal("HUP");
        String runtime = settings.path("default-runtime").asText("runc");
        boolean restore = settings.path("live-restore").asBoolean(false);
        Eventually.isEqual(
                "settings in effect",
                runtime + " " + restore + "\n",
                () -> docker("info", "--format", "{{.DefaultRuntime}} {{.LiveRestoreEnabled}}")
                        .output());
    }

    private void signal(String name) {
        Execution.of(machine.command("sh", "-c", "kill -s " + name + " $(cat " + pidFile() + ")"))
                .succeeds();
    }

    /** What BuildKit calls: it looks for {@code runc} in dockerd's PATH. */
    void buildsWith(Path runtime) throws IOException {
        Path link = links().resolve("runc");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, runtime);
    }

    void buildsWithRunc() throws IOException {
        buildsWith(Path.of(runc));
    }

    Execution docker(String... words) {
        return Execution.of(client(words));
    }

    /** Debian's client, whatever else is in PATH. */
    ProcessBuilder client(String... arguments) {
        List<String> words = new ArrayList<>(List.of("/usr/bin/docker", "--host", socket()));
        words.addAll(List.of(arguments));
        return machine.command(words);
    }

    void removeContainers() {
        docker("ps", "--all", "--quiet")
                .lines()
                .forEach(id -> docker("rm", "--force", "--volumes", id).succeeds());
    }

    /** Removes all containers, ends it, and asserts that no cgroup is left. */
    @Override
    public void close() {
        try {
            if (process != null && process.isAlive()) {
                removeContainers();
                stop();
            }
        } finally {
            // JUnit warns of links that lead out of a directory that it removes.
            links().resolve("runc").toFile().delete();
            cgroup.close();
        }
    }
}
