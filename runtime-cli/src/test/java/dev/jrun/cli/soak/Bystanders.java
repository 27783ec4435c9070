// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is none of the business of the containers that a test makes, and right beside them: processes in cgroups next to
 * theirs, containers of the same ids with another state directory, files, and mounts.
 */
final class Bystanders implements AutoCloseable {

    private final TestHost host;
    private final Path files;
    private final OciRuntime others;
    private final Path mountTable;
    private final List<String> ids = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> cgroups = new ArrayList<>();
    private Map<String, String> before;
    private long quickest;

    /**
     * Makes files and a mount.
     *
     * @param others a runtime with a state directory of its own
     * @param namespace where the runtimes run
     */
    Bystanders(TestHost host, OciRuntime others, Unshared namespace) throws IOException {
        this.host = host;
        this.others = others;
        this.mountTable = Path.of("/proc/" + namespace.pid() + "/mountinfo");
        this.files = Files.createDirectories(host.scratch().resolve("foreign"));
        for (String name : List.of("one", "two", "deep/three")) {
            Path file = files.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "content of " + name);
        }
        Path mount = Files.createDirectory(host.scratch().resolve("foreign-mount"));
        Programs.run(
                "nsenter", "--mount=" + namespace.file("mnt"), "mount", "-t", "tmpfs", "foreign", mount.toString());
    }

    Path files() {
        return files;
    }

    /** Starts a process in the cgroup of this path, and one in a cgroup in it, in every hierarchy that takes them. */
    void settleIn(String cgroupsPath) throws IOException {
        for (String below : List.of("", "/child")) {
            Process process = new ProcessBuilder("sleep", "100000").start();
            processes.add(process);
            for (Path hierarchy : host.hierarchies()) {
                Path cgroup = hierarchy.resolve(cgroupsPath.substring(1) + below);
                Files.createDirectories(cgroup);
                cgroups.add(cgroup);
                enter(cgroup, process);
            }
        }
    }

    /** A cpuset of version 1 takes nobody before it has processors; the others are enough. */
    private static void enter(Path cgroup, Process process) throws IOException {
        if (!Files.exists(cgroup.resolve("cpuset.cpus")) || Files.exists(cgroup.resolve("cgroup.controllers"))) {
            Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(process.pid()));
        }
    }

    /** Runs another runtime's container. */
    void run(String id, Bundle bundle) {
        others.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        ids.add(id);
    }

    /** From now on nothing may change. */
    void watch() {
        before = look();
    }

    /** A line for each thing that is not as it was. */
    List<String> changes() {
        Map<String, String> now = look();
        List<String> changes = new ArrayList<>();
        for (String thing : before.keySet()) {
            String found = now.getOrDefault(thing, "nothing");
            if (!found.equals(before.get(thing))) {
                changes.add(thing + " was " + before.get(thing) + " and is " + found);
            }
        }
        now.keySet().stream()
                .filter(thing -> !before.containsKey(thing))
                .map(thing -> thing + " is new")
                .forEach(changes::add);
        return changes;
    }

    /** How long the quickest of the calls took that the last look made, in nanoseconds. */
    long quickestCall() {
        return quickest;
    }

    private Map<String, String> look() {
        Map<String, String> found = new TreeMap<>();
        quickest = Long.MAX_VALUE;
        for (Process process : processes) {
            String cgroup = process.isAlive() ? read(Path.of("/proc/" + process.pid() + "/cgroup")) : "";
            found.put("process " + process.pid(), process.isAlive() ? "alive in " + cgroup : "dead");
        }
        for (String id : ids) {
            long start = System.nanoTime();
            Execution state = others.call("state", id);
            quickest = Math.min(quickest, System.nanoTime() - start);
            found.put(
                    "container " + id,
                    state.code() == 0
                            ? state.output().replaceAll("(?s).*(\"pid\": \\d+).*(\"status\": \"\\w+\").*", "$1 $2")
                            : state.toString());
        }
        addFiles(found);
        read(mountTable).lines().forEach(line -> found.put("mount " + line, "there"));
        return found;
    }

    private void addFiles(Map<String, String> found) {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path file : all.toList()) {
                Map<String, Object> attributes = Files.readAttributes(file, "unix:mode,uid,gid,ino");
                FileTime changed = (FileTime) Files.getAttribute(file, "unix:ctime");
                String content = Files.isRegularFile(file) ? Files.readString(file) : "";
                found.put("file " + file, new TreeMap<>(attributes) + " " + changed + " " + content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        for (String id : ids) {
            others.call("delete", "--force", id);
        }
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
        for (Path cgroup : cgroups.reversed()) {
            Eventually.isTrue(
                    cgroup + " is gone",
                    () -> !Files.exists(cgroup) || cgroup.toFile().delete());
        }
    }
}
