// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
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
    private static final Duration ENGINE_STAYS = Duration.ofMinutes(1);
    private static final Duration CACHE_IS_WRITTEN_WITHIN = Duration.ofMinutes(5);

    /**
     * The cache names the methods that training has had compiled, which engines then compile at once. Those are the
     * ones that a call needs, however many calls it takes to find them: with thresholds of a tenth, a tenth of the
     * rounds.
     */
    private static final String COMPILE_SOONER = "-XX:CompileThresholdScaling=0.1";

    private final Distribution distribution;
    private final Path cache;
    private final int rounds;
    private final Path engineConfigurations;

    /**
     * @param build the name of the build that the cache is for
     * @param rounds how often each command is called, at least once
     * @param engineConfigurations a directory of documents that Podman, Docker and others have written
     */
    Training(Distribution distribution, String build, int rounds, Path engineConfigurations) {
        this.distribution = distribution;
        this.cache = distribution.cache(build);
        this.rounds = rounds;
        this.engineConfigurations = engineConfigurations;
    }

    /** Whether calls make containers, if any can be made here. */
    static boolean hasContainers() throws IOException {
        return !isFiltered() && Workload.hasContainers();
    }

    /**
     * Writes the cache.
     *
     * @throws IllegalStateException if the engine does not start, a call does not do what it should, or no cache comes
     */
    void run() throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory("jrun-training");
        // A name of its own keeps these calls away from an engine that an earlier build of the same content left.
        Files.writeString(distribution.build(), randomName() + "\n");
        try (var place = Place.open()) {
            train(scratch, place);
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("no AOT cache was written");
        }
        Distribution.delete(scratch);
    }

    private void train(Path scratch, Place place) throws IOException, InterruptedException {
        var workload = new Workload(scratch, engineConfigurations, words -> place.enter(call(scratch, words)));
        workload.makeBundle();
        String arguments = Files.readString(distribution.engineArguments());
        Files.writeString(
                distribution.engineArguments(),
                arguments + "\n" + COMPILE_SOONER + "\n-XX:AOTCacheOutput=\"" + cache + "\"\n");
        if (isFiltered()) {
            System.err.println("A seccomp filter is in force, under which no engine serves: the AOT cache is trained"
                    + " with one call only.");
            workload.callOnce();
            awaitEngines();
        } else {
            startEngine(scratch, place);
            // Only that one writes a cache, and not those that calls start before it serves.
            Files.writeString(distribution.engineArguments(), arguments);
            exercise(workload, scratch, place);
        }
    }

    /** As for any user, the first call does it. */
    private void startEngine(Path scratch, Place place) throws IOException, InterruptedException {
        ProcessBuilder first = place.enter(call(scratch, "list"));
        first.environment().put("JRUN_ENGINE_IDLE", Long.toString(ENGINE_STAYS.toSeconds()));
        int code = first.start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("the first call ended with " + code);
        }
    }

    private void exercise(Workload workload, Path scratch, Place place) throws IOException, InterruptedException {
        try {
            workload.begin();
            workload.run(rounds);
            if (place.showOnlyUnifiedCgroups(scratch.resolve("cgroup"))) {
                workload.run(rounds);
            }
        } finally {
            workload.end();
            place.enter(call(scratch, "engine", "stop")).start().waitFor();
            awaitEngines();
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

    /** A call; if no engine serves it, the one that it starts ends with it. */
    private ProcessBuilder call(Path scratch, String... words) {
        var builder = new ProcessBuilder(distribution.shim().toString());
        builder.command().addAll(List.of(words));
        builder.directory(scratch.toFile());
        builder.redirectInput(Path.of("/dev/null").toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(Set.of("PATH"));
        environment.put("XDG_RUNTIME_DIR", scratch.toString());
        environment.put("JRUN_ENGINE_IDLE", "0");
        return builder;
    }

    private static String randomName() {
        var bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
