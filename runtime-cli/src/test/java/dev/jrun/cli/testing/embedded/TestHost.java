// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.embedded;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.kernel.call.EffectiveUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The host as a test leaves it. While this object lives, the JVM is in a cgroup of its own, and with it every process
 * that a call starts and forgets: the kernel keeps the list.
 */
public final class TestHost implements AutoCloseable {

    public static final Path HOME = Path.of(System.getProperty("jrun.home"));

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final long PAUSE_NANOSECONDS = 300_000;

    private final Path scratch;
    private final String name = "jrun-test-" + ProcessHandle.current().pid();
    private final Path callers;
    private final Path origin;
    private final List<Path> hierarchies = new ArrayList<>();

    private TestHost(Path scratch) throws IOException {
        this.scratch = scratch;
        Path unified = null;
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            boolean second = line.contains(" - cgroup2 ");
            if (second || line.contains(" - cgroup ")) {
                hierarchies.add(Path.of(fields[4]));
            }
            if (second && unified == null) {
                unified = Path.of(fields[4]);
            }
        }
        Assumptions.assumeTrue(unified != null, "skipped: no cgroup v2 hierarchy is mounted");
        origin = unified.resolve(unifiedCgroup().substring(1));
        callers = unified.resolve(name + "-callers");
        Files.createDirectory(callers);
        join(callers);
    }

    private static String unifiedCgroup() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring(3))
                .findFirst()
                .orElse("/");
    }

    private static void join(Path cgroup) throws IOException {
        Files.writeString(
                cgroup.resolve("cgroup.procs"),
                Long.toString(ProcessHandle.current().pid()));
    }

    /** Skips the test, and says why, where it cannot run. */
    public static TestHost claim(Path scratch) throws IOException {
        Assumptions.assumeTrue(EffectiveUser.uid() == 0, "skipped: only root can make containers here");
        Assumptions.assumeTrue(Files.isExecutable(HOME.resolve("bin/jrun")), "skipped: there is no distribution");
        Assumptions.assumeTrue(Files.isExecutable(Bundle.BUSYBOX), "skipped: busybox is not installed");
        return new TestHost(scratch);
    }

    public Path scratch() {
        return scratch;
    }

    /** Where the hierarchies of cgroups are mounted. */
    public List<Path> hierarchies() {
        return List.copyOf(hierarchies);
    }

    /** A cgroupsPath for a container of this test. */
    public String cgroupsPath(String container) {
        return "/" + name + "/" + container;
    }

    /**
     * Everything that containers, or calls about them, have left: processes, cgroups, mounts, states, sockets, pid
     * files.
     */
    public Set<String> leftovers(Path stateRoot) throws IOException {
        Set<String> found = new TreeSet<>();
        for (long pid : callersProcesses()) {
            found.add("process " + pid + " " + commandLine(pid));
        }
        for (Path cgroup : cgroups()) {
            found.add("cgroup " + cgroup);
        }
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1)) {
            mounts.filter(line -> line.contains(scratch.toString())).forEach(line -> found.add("mount " + line));
        }
        for (Path file : list(stateRoot)) {
            if (!file.endsWith(".lock")) {
                found.add("state " + file);
                list(file).forEach(inside -> found.add("state " + inside));
            }
        }
        for (Path file : list(scratch)) {
            if (file.getFileName().toString().contains("pid")) {
                found.add("pid file " + file);
            }
        }
        return found;
    }

    /** As {@link #leftovers}, after what ends by itself has had time to end. */
    public Set<String> lastingLeftovers(Path stateRoot) throws IOException {
        return leftoversOnce(Set.of(), stateRoot);
    }

    /** As {@link #leftovers}, as soon as that is what is expected, or when there was time enough for it. */
    public Set<String> leftoversOnce(Set<String> expected, Path stateRoot) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        Set<String> found = leftovers(stateRoot);
        while (!found.equals(expected) && System.nanoTime() < end) {
            // Not at once: what ends needs a processor, too.
            LockSupport.parkNanos(PAUSE_NANOSECONDS);
            found = leftovers(stateRoot);
        }
        return found;
    }

    /** The cgroups of containers that are there. */
    public Set<Path> cgroupsLeft() throws IOException {
        return new TreeSet<>(cgroups());
    }

    /** What a call has started and neither ended nor put into a container; engines may stay. */
    private List<Long> callersProcesses() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (String line : Files.readAllLines(callers.resolve("cgroup.procs"))) {
            long pid = Long.parseLong(line);
            if (pid != ProcessHandle.current().pid() && !isJava(pid)) {
                pids.add(pid);
            }
        }
        return pids;
    }

    private static boolean isJava(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).endsWith("java");
        } catch (IOException ended) {
            return false;
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException ended) {
            return "";
        }
    }

    private List<Path> cgroups() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path hierarchy : hierarchies) {
            for (Path child : list(hierarchy.resolve(name))) {
                if (Files.isDirectory(child)) {
                    found.add(child);
                }
            }
        }
        return found;
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            List<Path> list = new ArrayList<>();
            files.forEach(list::add);
            return list;
        }
    }

    @Override
    public void close() throws IOException {
        join(origin);
        for (Path cgroup : cgroups()) {
            endAll(cgroup);
        }
        for (Path hierarchy : hierarchies) {
            Path parent = hierarchy.resolve(name);
            Eventually.isTrue(
                    "nothing is in " + parent,
                    () -> !Files.exists(parent) || parent.toFile().delete());
        }
        Eventually.isTrue("no process is in " + callers, this::removeCallers);
    }

    /** What is just ending is in a cgroup without being listed, and cannot be moved. */
    private boolean removeCallers() {
        try {
            for (String engine : Files.readAllLines(callers.resolve("cgroup.procs"))) {
                Files.writeString(origin.resolve("cgroup.procs"), engine);
            }
            Files.delete(callers);
            return true;
        } catch (IOException busy) {
            return false;
        }
    }

    /** A test that failed must not disturb the next. */
    private static void endAll(Path cgroup) throws IOException {
        Path processes = cgroup.resolve("cgroup.procs");
        while (Files.exists(processes)) {
            for (String pid : Files.readAllLines(processes)) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
            if (cgroup.toFile().delete()) {
                return;
            }
        }
    }
}
