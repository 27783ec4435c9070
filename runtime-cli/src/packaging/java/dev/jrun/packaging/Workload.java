// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/** The calls that the AOT cache is trained with: every command that this machine and user can run. */
final class Workload {
    private static final Duration CALL_ENDS_WITHIN = Duration.ofMinutes(1);

    /** Each starts a JVM while there is no engine, so that this is more than a second. */
    private static final int MOST_TRIES = 50;

    private static final List<Path> BUSYBOX = List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox"));

    /** The first member of "linux". */
    private static final String SECCOMP = """
            "seccomp": {
                "defaultAction": "SCMP_ACT_ALLOW",
                "syscalls": [
                    {"names": ["kexec_load", "bpf"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
                    {"names": ["personality"], "action": "SCMP_ACT_ERRNO",
                     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
                ]
            },""";

    private final Path scratch;
    private final Path bundle;
    private final Path filtered;
    private final Path lasting;
    private final Path process;
    private final Path limits;
    private final Function<String[], ProcessBuilder> prepare;
    private final Path engineConfigurations;
    private boolean containers;

    /**
     * @param scratch an empty directory
     * @param engineConfigurations a directory of documents that Podman, Docker and others have written
     * @param prepare makes a call of the shim out of its arguments
     */
    Workload(Path scratch, Path engineConfigurations, Function<String[], ProcessBuilder> prepare) {
        this.scratch = scratch;
        this.engineConfigurations = engineConfigurations;
        this.bundle = scratch.resolve("bundle");
        this.filtered = scratch.resolve("filtered");
        this.lasting = scratch.resolve("lasting");
        this.process = scratch.resolve("process.json");
        this.limits = scratch.resolve("limits.json");
        this.prepare = prepare;
    }

    /**
     * Waits until an engine serves, and finds out what can be run here.
     *
     * @throws IllegalStateException if none comes
     */
    void begin() throws IOException, InterruptedException {
        for (int tries = 1; call("engine", "status").code() != 0; tries++) {
            if (tries == MOST_TRIES) {
                throw new IllegalStateException("no engine serves");
            }
        }
        containers = canRunContainers();
    }

    /**
     * Makes the calls.
     *
     * @param rounds how often
     * @throws IllegalStateException if one ends otherwise than it should
     */
    void run(int rounds) throws IOException, InterruptedException {
        planEngineConfigurations();
        for (int round = 0; round < rounds; round++) {
            callWithoutContainer();
            if (containers) {
                callThroughALife("life" + round);
                succeed("run", "--bundle", bundle.toString(), "run" + round);
                succeed("run", "--bundle", filtered.toString(), "filtered" + round);
                callWhileItRuns("lasting" + round);
            }
        }
    }

    /**
     * Has each of the documents planned that engines have written, once. They use more of config.json than the bundles
     * here, so that their first call need not load classes from the jar, nor link lambdas.
     */
    private void planEngineConfigurations() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(scratch.resolve("engine"));
        for (Path document : engineConfigurations()) {
            Files.copy(document, directory.resolve("config.json"), StandardCopyOption.REPLACE_EXISTING);
            // Some need what this machine lacks.
            call("explain", "--bundle", directory.toString());
        }
    }

    private List<Path> engineConfigurations() throws IOException {
        try (Stream<Path> files = Files.list(engineConfigurations)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    // Others are processes for exec.
                    .filter(file -> !file.toString().contains("-exec-process-"))
                    .sorted()
                    .toList();
        }
    }

    /** Deletes what a call that failed may have left. */
    void end() throws IOException, InterruptedException {
        if (containers) {
            for (String id : call("list", "--quiet").output().lines().toList()) {
                call("delete", "--force", id);
            }
        }
    }

    /** Makes the one call that loads the most without a container. */
    void callOnce() throws IOException, InterruptedException {
        succeed("explain", "--bundle", bundle.toString());
    }

    /** Makes the bundles that the other calls are about. */
    void makeBundle() throws IOException, InterruptedException {
        Files.createDirectories(bundle.resolve("rootfs/bin"));
        succeed("spec", "--bundle", bundle.toString());
        Path config = bundle.resolve("config.json");
        String written = Files.readString(config);
        String changed = written.replaceFirst("\"terminal\": *true", "\"terminal\": false")
                .replaceFirst("\"sh\"", "\"/bin/true\"");
        Files.writeString(config, changed);
        Files.writeString(
                process,
                "{\"args\": [\"true\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\"], \"user\": {\"uid\": 0, \"gid\": 0}}");
        String elsewhere = changed.replaceFirst("\"rootfs\"", "\"" + bundle.resolve("rootfs") + "\"");
        Files.createDirectories(filtered);
        Files.writeString(
                filtered.resolve("config.json"), elsewhere.replaceFirst("\"linux\": *\\{", "\"linux\": {" + SECCOMP));
        Files.createDirectories(lasting);
        Files.writeString(
                lasting.resolve("config.json"), elsewhere.replaceFirst("\"/bin/true\"", "\"/bin/sleep\", \"1000\""));
    }

    /** Whether the calls make containers, if any can be made here. */
    static boolean hasContainers() {
        return "root".equals(System.getProperty("user.name")) && busybox().isPresent();
    }

    private static Optional<Path> busybox() {
        return BUSYBOX.stream().filter(Files::isExecutable).findFirst();
    }

    private boolean canRunContainers() throws IOException, InterruptedException {
        if (!hasContainers()) {
            System.err.println("No root or no busybox: the AOT cache is trained without containers.");
            return false;
        }
        Path commands = bundle.resolve("rootfs/bin");
        Files.copy(busybox().orElseThrow(), commands.resolve("busybox"));
        for (String name : List.of("true", "sleep")) {
            Files.createSymbolicLink(commands.resolve(name), Path.of("busybox"));
        }
        Result result = call("run", "--bundle", bundle.toString(), "first");
        if (result.code() != 0) {
            System.err.println("No container runs here, so the AOT cache is trained without: " + result.output());
        }
        return result.code() == 0;
    }

    private void callWithoutContainer() throws IOException, InterruptedException {
        for (String[] options : List.of(new String[] {}, new String[] {"--rootless"})) {
            Path directory = Files.createDirectories(scratch.resolve("spec"));
            Files.deleteIfExists(directory.resolve("config.json"));
            succeed(Stream.concat(Stream.of("spec", "--bundle", directory.toString()), Stream.of(options))
                    .toArray(String[]::new));
        }
        succeed("--version");
        succeed("run", "--help");
        succeed("features");
        succeed("validate", "--bundle", bundle.toString());
        succeed("explain", "--bundle", bundle.toString());
        succeed("list");
        succeed("list", "--format", "json");
        succeed("list", "--quiet");
        fail("state", "unknown");
        fail("--log-format", "json", "start", "unknown");
    }

    private void callThroughALife(String id) throws IOException, InterruptedException {
        String pidFile = scratch.resolve("pid").toString();
        succeed("create", "--bundle", bundle.toString(), "--pid-file", pidFile, id);
        succeed("state", id);
        succeed("list");
        succeed("exec", id, "/bin/true");
        // Not detached: a container goes on ending until all that was executed in it is reaped, which process 1 may
        // take its time for.
        succeed("exec", "--process", process.toString(), "--pid-file", pidFile, id);
        // In some places it has no cgroup of its own.
        call("pause", id);
        call("resume", id);
        call("update", "--pids-limit", "1000", id);
        Files.writeString(limits, "{\"memory\": {\"limit\": -1}, \"cpu\": {\"quota\": -1}}");
        call("update", "--resources", limits.toString(), id);
        call("update", "--memory", "1G", id);
        succeed("start", id);
        succeed("state", id);
        succeed("delete", "--force", id);
    }

    private void callWhileItRuns(String id) throws IOException, InterruptedException {
        succeed("run", "--detach", "--bundle", lasting.toString(), id);
        // The host may have no ps, and the container no cgroup of its own.
        call("ps", "--format", "json", id);
        call("ps", id);
        call("events", "--stats", id);
        call("top", "--no-stream", "--interval", "10ms", id);
        succeed("kill", id, "KILL");
        succeed("delete", "--force", id);
    }

    private void succeed(String... command) throws IOException, InterruptedException {
        Result result = call(command);
        if (result.code() != 0) {
            throw new IllegalStateException("jrun " + String.join(" ", command) + ": " + result);
        }
    }

    private void fail(String... command) throws IOException, InterruptedException {
        Result result = call(command);
        if (result.code() == 0) {
            throw new IllegalStateException("jrun " + String.join(" ", command) + " should have failed: " + result);
        }
    }

    private record Result(int code, String output) {}

    private Result call(String... command) throws IOException, InterruptedException {
        Path output = scratch.resolve("output");
        String[] withRoot = Stream.concat(
                        Stream.of("--root", scratch.resolve("state").toString()), Stream.of(command))
                .toArray(String[]::new);
        Process process = prepare.apply(withRoot)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(CALL_ENDS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        return new Result(process.exitValue(), Files.readString(output));
    }
}
