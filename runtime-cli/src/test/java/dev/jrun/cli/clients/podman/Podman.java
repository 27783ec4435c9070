// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Podman with images, containers, locks and events of its own, and the settings for jrun that are installed for its
 * users.
 */
final class Podman implements AutoCloseable {

    /** An image with busybox. */
    static final String IMAGE = "localhost/made";

    private static final Path EXAMPLE = Path.of("../scripts/engines/containers.conf");
    private static final Pattern ID = Pattern.compile("\\b[0-9a-f]{64}\\b");
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final int DEEPEST_CGROUP = 8;

    /** Limits that root may set everywhere: Podman's are above what it may raise them to on some machines. */
    private static final String LIMITS = """

            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
            """;

    /**
     * Locks that are not in the memory that all Podmans of a machine share; and monitors of what the API executed are
     * not to stay for minutes.
     */
    private static final String ENGINE = "[engine]\nlock_type = \"file\"\nexit_command_delay = 1\n";

    private final Machine machine;
    private final Path directory;
    private final String cgroupManager;
    private final List<String> environment;

    private Podman(Machine machine, Path directory, String cgroupManager) throws IOException {
        this.machine = machine;
        this.directory = directory;
        this.cgroupManager = cgroupManager;
        String example = Files.readString(EXAMPLE).replace("@PREFIX@/bin/jrun", Machine.JRUN.toString());
        Path settings = directory.resolve("containers.conf");
        Files.writeString(settings, example.replace("[engine]\n", ENGINE) + LIMITS);
        // Podman 5 complains otherwise.
        environment = List.of("CONTAINERS_CONF=" + settings, "PODMAN_IGNORE_CGROUPSV1_WARNING=1");
    }

    /**
     * One that makes cgroups itself.
     *
     * @param scratch a directory that has the same path on the machine
     */
    static Podman withCgroupfs(Machine machine, Path scratch) throws IOException {
        return open(machine, scratch, "cgroupfs");
    }

    /** One that has systemd make cgroups, as it does by default; otherwise as {@link #withCgroupfs}. */
    static Podman withSystemd(Machine machine, Path scratch) throws IOException {
        return open(machine, scratch, "systemd");
    }

    private static Podman open(Machine machine, Path scratch, String cgroupManager) throws IOException {
        var podman = new Podman(machine, Files.createDirectory(scratch.resolve("podman")), cgroupManager);
        Path root = Bundle.createAsImage(scratch.resolve("image")).rootfs();
        Path archive = scratch.resolve("root.tar");
        Programs.run("tar", "--owner=0", "--group=0", "-C", root.toString(), "-cf", archive.toString(), ".");
        podman.call("runc", "import", "--change=ENV PATH=/bin", archive.toString(), IMAGE)
                .succeeds();
        return podman;
    }

    Machine machine() {
        return machine;
    }

    /** What has the same path on the machine. */
    Path directory() {
        return directory;
    }

    /** @param runtime which it makes new containers with; those that there are keep theirs */
    ProcessBuilder command(String runtime, String... arguments) {
        return machine.command(words(runtime, arguments));
    }

    /** With more in its environment, {@code NAME=VALUE}; as {@link #command}. */
    ProcessBuilder commandWith(String entry, String runtime, String... arguments) {
        List<String> words = new ArrayList<>(List.of("env", entry));
        words.addAll(words(runtime, arguments));
        return machine.command(words);
    }

    /** @return the words of {@link #command} */
    List<String> words(String runtime, String... arguments) {
        List<String> words = withSettings("podman", "--cgroup-manager=" + cgroupManager, "--events-backend=file");
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("root").toString()));
        words.addAll(List.of("--runroot", directory.resolve("run").toString()));
        words.addAll(List.of("--tmpdir", directory.resolve("tmp").toString(), "--runtime=" + runtime));
        words.addAll(List.of(arguments));
        return words;
    }

    /** A command that reads the same settings. */
    List<String> withSettings(String... command) {
        // Conmon leaves a file where it is called when memory has run out.
        List<String> words = new ArrayList<>(List.of("env", "-C", directory.toString()));
        words.addAll(environment);
        words.addAll(List.of(command));
        return words;
    }

    Execution call(String runtime, String... arguments) {
        return Execution.of(command(runtime, arguments));
    }

    /** Removes all pods and containers, and asserts that nothing on the host is left of them. */
    void removeAll() {
        call("jrun", "pod", "rm", "--all", "--force", "--time=0").succeeds();
        call("jrun", "rm", "--all", "--force", "--time=0").succeeds();
        Eventually.isEqual("left behind", Set.of(), this::leftovers);
        // On cgroup v1 Podman leaves those of pods, whoever is the runtime.
        ownCgroups().forEach(path -> new File(path).delete());
    }

    private Set<String> leftovers() {
        Set<String> found = new TreeSet<>();
        addCgroups(found);
        addProcesses(found);
        Execution.of(machine.command("cat", "/proc/self/mountinfo")).succeeds().lines().stream()
                .filter(line -> line.contains(directory + "/"))
                .forEach(line -> found.add("mount " + line));
        return found;
    }

    private void addCgroups(Set<String> found) {
        ownCgroups().stream().filter(path -> path.contains("libpod-")).forEach(path -> found.add("cgroup " + path));
    }

    /** Of all containers and pods that it has ever made, those further down first. */
    private List<String> ownCgroups() {
        Set<String> ids = new TreeSet<>();
        ID.matcher(read(directory.resolve("tmp/events/events.log"))).results().forEach(id -> ids.add(id.group()));
        try (Stream<Path> directories = Files.find(
                CGROUPS,
                DEEPEST_CGROUP,
                (path, attributes) ->
                        attributes.isDirectory() && path.toString().contains("libpod"))) {
            return directories
                    .map(Path::toString)
                    .filter(path -> ID.matcher(path).results().anyMatch(id -> ids.contains(id.group())))
                    .toList()
                    .reversed();
        } catch (UncheckedIOException | IOException raced) {
            // Another's cgroup went away under our eyes: the next look will tell.
            return List.of("unknown, like libpod-" + raced.getMessage());
        }
    }

    /** Of containers, and those that watch them. */
    private void addProcesses(Set<String> found) {
        String mark = directory + "/";
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .map(process -> Path.of("/proc/" + process.pid()))
                .filter(process -> read(process.resolve("cmdline")).contains(mark)
                        || read(process.resolve("mountinfo")).contains(mark))
                .forEach(process -> found.add("process " + process + ": "
                        + read(process.resolve("cmdline")).replace('\0', ' ')));
    }

    /** Empty if it is not there, or not any more. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        removeAll();
        assertEquals("", call("jrun", "ps", "--all", "--quiet").succeeds().output());
    }
}
