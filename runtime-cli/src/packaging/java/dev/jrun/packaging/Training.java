// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes the AOT cache: an engine is run from the distribution itself, with one more flag (JEP 514), and called as users
 * call it. When it ends, its JVM writes what it had loaded, linked and profiled.
 */
final class Training {
    private static final Duration ENGINE_STARTS_WITHIN = Duration.ofSeconds(60);
    private static final Duration CACHE_IS_WRITTEN_WITHIN = Duration.ofMinutes(5);

    private final Distribution distribution;
    private final Path cache;
    private final int rounds;

    /**
     * @param build the name of the build that the cache is for
     * @param rounds how often each command is called, at least once
     */
    Training(Distribution distribution, String build, int rounds) {
        this.distribution = distribution;
        this.cache = distribution.cache(build);
        this.rounds = rounds;
    }

    /**
     * Writes the cache.
     *
     * @throws IllegalStateException if the engine does not start, a call does not do what it should, or no cache comes
     */
    void run() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("jrun-training");
        Path log = scratch.resolve("engine.log");
        // A name of its own keeps these calls away from an engine that an earlier build of the same content left.
        Files.writeString(distribution.build(), randomName() + "\n");
        var workload = new Workload(scratch, command -> prepareCall(scratch, command));
        workload.makeBundle();
        Files.writeString(
                distribution.engineArguments(),
                Files.readString(distribution.engineArguments()) + "\n-XX:AOTCacheOutput=\"" + cache + "\"\n");
        if (isFiltered()) {
            System.err.println("A seccomp filter is in force, under which no engine serves: the AOT cache is trained"
                    + " with one call only.");
            workload.callOnce();
            awaitEngines();
        } else {
            serve(workload, scratch, log);
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no AOT cache was written; the engine said:\n"
                    + (Files.exists(log) ? Files.readString(log) : "nothing"));
        }
        Distribution.delete(scratch);
    }

    private void serve(Workload workload, Path scratch, Path log) throws IOException, InterruptedException {
        Process engine = prepare(scratch, "engine", "serve")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            awaitSocket(engine, log);
            workload.run(rounds);
        } finally {
            engine.destroy();
            if (!engine.waitFor(CACHE_IS_WRITTEN_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                engine.destroyForcibly();
            }
        }
    }

    /** Whether a filter of system calls holds for this process and its children, see proc_pid_status(5). */
    private static boolean isFiltered() throws IOException {
        return !Files.readAllLines(Path.of("/proc/self/status")).contains("Seccomp:\t0");
    }

    /** Waits for the engines that calls have started, which end by themselves but outlive their call. */
    private void awaitEngines() throws InterruptedException {
        String java = distribution.runtime().resolve("bin/java").toString();
        var engines = ProcessHandle.allProcesses()
                .filter(process -> process.info().command().equals(Optional.of(java)))
                .map(ProcessHandle::onExit)
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(engines).get(CACHE_IS_WRITTEN_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("an engine does not end", e);
        }
    }

    private ProcessBuilder prepare(Path scratch, String... command) {
        var builder = new ProcessBuilder(distribution.shim().toString());
        builder.command().addAll(List.of(command));
        builder.directory(scratch.toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH"));
        environment.put("XDG_RUNTIME_DIR", scratch.toString());
        return builder;
    }

    /** A call; if no engine serves it, the one that it starts ends with it. */
    private ProcessBuilder prepareCall(Path scratch, String... command) {
        ProcessBuilder builder = prepare(scratch, command);
        builder.environment().put("JRUN_ENGINE_IDLE", "0");
        return builder;
    }

    /** Waits until the engine listens; its command line says where (the shim becomes the engine, so the pid stays). */
    private void awaitSocket(Process engine, Path log) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(ENGINE_STARTS_WITHIN);
        while (Instant.now().isBefore(end) && engine.isAlive()) {
            Optional<Path> socket = socketOf(engine);
            if (socket.isPresent() && listens(socket.get())) {
                return;
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("the engine does not listen; it said:\n" + Files.readString(log));
    }

    private static Optional<Path> socketOf(Process engine) throws IOException {
        String commandLine = Files.readString(Path.of("/proc", Long.toString(engine.pid()), "cmdline"));
        return commandLine
                .lines()
                .flatMap(line -> Arrays.stream(line.split("\0")))
                .filter(argument -> argument.startsWith("-Djrun.socket="))
                .map(argument -> Path.of(argument.substring("-Djrun.socket=".length())))
                .findFirst();
    }

    private static boolean listens(Path socket) {
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException _) {
            return false;
        }
    }

    private static String randomName() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
