// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.Bundle;
import dev.jrun.cli.Eventually;
import dev.jrun.cli.Execution;
import dev.jrun.cli.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Podman with images, containers, locks and events of its own, and the settings for jrun that are installed for its users. */
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

    /** Not in the memory that all Podmans of a machine share. */
    private static final String LOCKS = "[engine]\nlock_type = \"file\"\n";

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
        Files.writeString(settings, example.replace("[engine]\n", LOCKS) + LIMITS);
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
        Path root = Bundle.create(scratch.resolve("image")).rootfs();
        Path archive = scratch.resolve("root.tar");
        Programs.run("tar", "--owner=0", "--group=0", "-C", root.toString(), "-cf", archive.toString(), ".");
        podman.call("runc", "import", archive.toString(), IMAGE).succeeds();
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

    private List<String> words(String runtime, String... arguments) {
        // Its monitor leaves a file where it is called when memory has run out.
        List<String> words = new ArrayList<>(List.of("env", "-C", directory.toString()));
        words.addAll(environment);
        words.addAll(List.of("podman", "--cgroup-manager=" + cgroupManager, "--events-backend=file"));
        words.addAll(List.of(
                "--storage-driver=vfs", "--root", directory.resolve("root").toString()));
        words.addAll(List.of("--runroot", directory.resolve("run").toString()));
        words.addAll(List.of("--tmpdir", directory.resolve("tmp").toString(), "--runtime=" + runtime));
        words.addAll(List.of(arguments));
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

    /** Of those that it has ever made. */
    private void addCgroups(Set<String> found) {
        Set<String> ids = new TreeSet<>();
        Matcher matcher = ID.matcher(read(directory.resolve("tmp/events/events.log")));
        while (matcher.find()) {
            ids.add(matcher.group());
        }
        try (Stream<Path> directories = Files.find(
                CGROUPS,
                DEEPEST_CGROUP,
                (path, attributes) ->
                        attributes.isDirectory() && path.toString().contains("libpod"))) {
            directories.map(Path::toString).filter(path -> has(ids, path)).forEach(path -> found.add("cgroup " + path));
        } catch (UncheckedIOException | IOException raced) {
            // Another's cgroup went away under our eyes: the next look will tell.
            found.add("unknown cgroups: " + raced.getMessage());
        }
    }

    private static boolean has(Set<String> ids, String path) {
        Matcher matcher = ID.matcher(path);
        while (matcher.find()) {
            if (ids.contains(matcher.group())) {
                return true;
            }
        }
        return false;
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
