// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.soak;

import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Those who call a runtime, in a cgroup whose number of processes can be limited, and the engine that serves them. */
public final class Callers implements AutoCloseable {

    private static final Path NO_INPUT = Path.of("/dev/null");

    private final OciRuntime runtime;
    private final Optional<Path> cgroup;
    private boolean areLimited;
    private long engine;
    private long starved;

    private Callers(OciRuntime runtime, Optional<Path> cgroup) {
        this.runtime = runtime;
        this.cgroup = cgroup;
    }

    static Callers open(OciRuntime runtime) throws IOException {
        Optional<Path> hierarchy = pidsHierarchy();
        if (hierarchy.isEmpty()) {
            System.out.println("Left out: no cgroup here can limit the number of processes");
            return new Callers(runtime, Optional.empty());
        }
        Path cgroup =
                hierarchy.get().resolve("jrun-soak-" + ProcessHandle.current().pid());
        Files.createDirectory(cgroup);
        return new Callers(runtime, Optional.of(cgroup));
    }

    /** Of version 1, or of version 2 where the controller is on for the cgroups below its root. */
    private static Optional<Path> pidsHierarchy() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            Path place = Path.of(line.split(" ")[4]);
            boolean isLegacy = line.contains(" - cgroup ") && line.matches(".*[ ,]pids(,.*)?$");
            boolean isUnified = line.contains(" - cgroup2 ")
                    && Files.readString(place.resolve("cgroup.subtree_control")).contains("pids");
            if (isLegacy || isUnified) {
                return Optional.of(place);
            }
        }
        return Optional.empty();
    }

    /** Makes things scarce for the calls that follow, and finds the engine that is to be killed. */
    void prepare(Mishap mishap, int left) throws IOException {
        engine = engine();
        if (mishap == Mishap.FEW_PROCESSES && cgroup.isPresent()) {
            Files.writeString(cgroup.get().resolve("pids.max"), Integer.toString(1 + left));
            areLimited = true;
        } else if (mishap == Mishap.FEW_DESCRIPTORS) {
            starved = engine;
            if (starved != 0) {
                limitDescriptors(starved, Long.toString(descriptors(starved) + left));
            }
        }
    }

    /** Gives back what was made scarce. */
    void recover() throws IOException {
        if (areLimited) {
            Files.writeString(cgroup.orElseThrow().resolve("pids.max"), "max");
            areLimited = false;
        }
        if (starved != 0) {
            limitDescriptors(starved, "1024");
            starved = 0;
        }
    }

    private static void limitDescriptors(long engine, String soft) {
        // It may have ended meanwhile.
        Execution.of(new ProcessBuilder("prlimit", "--pid", Long.toString(engine), "--nofile=" + soft + ":"));
    }

    private static long descriptors(long pid) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return descriptors.count();
        } catch (IOException ended) {
            return 0;
        }
    }

    /** Starts a call, in the limited cgroup if it is one. */
    Execution.Started start(String... words) {
        if (!areLimited) {
            return runtime.start(NO_INPUT, words);
        }
        String join = "echo 0 > " + cgroup.orElseThrow().resolve("cgroup.procs") + " && exec \"$0\" \"$@\"";
        List<String> prefix = new ArrayList<>(List.of("sh", "-c", join));
        prefix.addAll(runtime.prefix());
        return new OciRuntime(runtime.name(), prefix, runtime.program(), runtime.root()).start(NO_INPUT, words);
    }

    /** The pid of the engine that serves; 0 if there is none. */
    private long engine() {
        String digits = runtime.call("engine", "status").output().replaceAll("(?s).*pid (\\d+).*", "$1");
        return digits.matches("\\d+") ? Long.parseLong(digits) : 0;
    }

    void killEngine() {
        ProcessHandle.of(engine).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        cgroup.ifPresent(place -> Eventually.isTrue(
                place + " is gone", () -> !Files.exists(place) || place.toFile().delete()));
    }
}
