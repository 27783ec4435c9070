// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * This machine's cgroups for one test, which is skipped where they cannot be changed. All cgroups are below
 * {@code /jrun-test-…}, and {@link #close} removes them, ends the processes in them, and takes back controllers that
 * were handed down.
 */
public final class KernelCgroups implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
    private static final Path CGROUP = Path.of("/proc/self/cgroup");

    private final CgroupHost host;
    private final String parent = "/jrun-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    private final List<Process> processes = new ArrayList<>();
    private final Optional<Path> unifiedRoot;
    private final Set<String> handedDownBefore;

    private KernelCgroups(CgroupHost host) throws IOException {
        this.host = host;
        Optional<Path> unified = place("x").unified();
        this.unifiedRoot = unified.map(path -> host.lineage(path).getFirst());
        this.handedDownBefore = handedDown();
    }

    /** As they are mounted, which may be any layout. */
    public static KernelCgroups asMounted() throws IOException {
        return usable(Files.readString(MOUNTINFO), Files.readString(CGROUP));
    }

    /** As if the hierarchy of cgroup v2 were the only one. */
    public static KernelCgroups unifiedOnly() throws IOException {
        String mounts = Files.readString(MOUNTINFO)
                .lines()
                .filter(line -> line.contains(" - cgroup2 "))
                .collect(Collectors.joining("\n"));
        return usable(mounts, Files.readString(CGROUP));
    }

    private static KernelCgroups usable(String mounts, String cgroup) throws IOException {
        CgroupHost host = CgroupHost.detect(mounts, cgroup);
        if (host.layout() == CgroupHost.Layout.NONE) {
            skip("no such cgroup hierarchy is mounted");
        }
        KernelCgroups cgroups = new KernelCgroups(host);
        for (Path path : cgroups.place("x").all()) {
            Path root = host.lineage(path).getFirst();
            Path probe = root.resolve(cgroups.parent.substring(1) + "-probe");
            try {
                Files.createDirectory(probe);
                Files.delete(probe);
            } catch (IOException readOnly) {
                skip("cgroups cannot be made in " + root + " (" + readOnly + ")");
            }
        }
        return cgroups;
    }

    private static void skip(String reason) {
        System.out.println("skipped: " + reason);
        abort(reason);
    }

    public CgroupHost host() {
        return host;
    }

    /** The name of the cgroup that all those of this test are in, in every hierarchy. */
    public String parent() {
        return parent;
    }

    /** Paths of a cgroup of this test's own. */
    public CgroupDirectories place(String name) throws CgroupException {
        return host.placement("").directories("c1", Optional.of(path(name)));
    }

    /** What a document says of such a cgroup. */
    public String path(String name) {
        return parent + "/" + name;
    }

    /** Where cgroup v2 is mounted. */
    public Optional<Path> unifiedRoot() {
        return unifiedRoot;
    }

    public Cgroup create(String name) throws CgroupException {
        try (CgroupCreation creation = begin(name)) {
            return creation.cgroup();
        }
    }

    /** A making that is not over. */
    CgroupCreation begin(String name) throws CgroupException {
        return CgroupCreation.of(host, host.placement("").ofItsOwn("c1", Optional.of(path(name))));
    }

    /** A process that has entered these cgroups and then runs a shell command; it is there when this returns. */
    public Process run(List<Path> directories, String command) throws IOException {
        return runBy(directories.stream().map(KernelCgroups::entrance).toList(), command);
    }

    /** Likewise, by these files. */
    Process runBy(List<Path> members, String command) throws IOException {
        String enter = members.stream().map(file -> "echo 0 > '" + file + "'; ").collect(Collectors.joining());
        Process process = new ProcessBuilder("/bin/sh", "-ec", enter + "echo entered; " + command)
                .redirectErrorStream(true)
                .start();
        processes.add(process);
        String first = output(process).readLine();
        if (!"entered".equals(first)) {
            throw new IOException("the process could not enter: " + first);
        }
        return process;
    }

    private static Path entrance(Path directory) {
        Path tasks = directory.resolve("tasks");
        return Files.exists(tasks) ? tasks : directory.resolve("cgroup.procs");
    }

    /** A process in the cgroup that waits for the end of its input. */
    public Process runWaiting(Cgroup cgroup) throws IOException {
        return run(cgroup.paths().all(), "exec cat");
    }

    public static BufferedReader output(Process process) {
        return process.inputReader();
    }

    private Set<String> handedDown() throws CgroupException {
        return unifiedRoot.isEmpty()
                ? Set.of()
                : new CgroupFile(unifiedRoot.get(), "cgroup.subtree_control").readWords();
    }

    @Override
    public void close() throws IOException {
        CgroupDirectories all = host.placement("").directories("c1", Optional.of(parent));
        Cgroup cgroup = new Cgroup(all);
        if (cgroup.exists() && cgroup.isFrozen()) {
            cgroup.thaw();
        }
        for (Process process : processes) {
            process.destroyForcibly();
            process.onExit().join();
        }
        cgroup.remove(LIMIT);
        for (String controller : handedDown()) {
            if (!handedDownBefore.contains(controller)) {
                new CgroupFile(unifiedRoot.orElseThrow(), "cgroup.subtree_control").write("-" + controller);
            }
        }
    }
}
