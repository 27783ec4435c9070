// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls that start an engine each, all of whose classes are in the AOT cache: training has called whatever they call.
 * To load one from the jar costs milliseconds.
 */
class FirstCallIT {

    /** Names its cache, and is nobody else's, whose engine would serve these calls. */
    private static final String BUILD = "0123456789abcdef".repeat(2);

    /** Where a class was loaded from that is not in the cache: the jar, or the modules of the JDK. */
    private static final Pattern LOADED = Pattern.compile("(\\S+) source: (file|jrt):.*");

    @TempDir
    Path scratch;

    private Path home;
    private Path loaded;
    private Optional<TestHost> claimed = Optional.empty();

    /** A copy of the distribution whose engines say what they load. */
    @BeforeEach
    void copyDistribution() throws IOException {
        claimed = Optional.of(TestHost.claim(scratch));
        Path build = TestHost.HOME.resolve("lib/build");
        String cache = "lib/jrun-" + Files.readString(build).strip() + ".aot";
        Programs.skipUnless(Files.exists(TestHost.HOME.resolve(cache)), "the distribution was built without training");
        Programs.skipUnless(
                Files.readString(TestHost.HOME.resolve("lib/training")).contains("containers: true"),
                "the distribution was trained without containers");
        home = scratch.resolve("jrun");
        loaded = Files.createDirectory(scratch.resolve("loaded"));
        Execution.of(new ProcessBuilder("cp", "-a", TestHost.HOME.toString(), home.toString()))
                .succeeds();
        Files.move(home.resolve(cache), home.resolve("lib/jrun-" + BUILD + ".aot"));
        Files.writeString(home.resolve("lib/build"), BUILD + "\n");
        Path arguments = home.resolve("lib/engine.args");
        Files.writeString(
                arguments,
                Files.readString(arguments) + "\n-Xlog:class+load:file=" + loaded + "/%p:none:filecount=0\n");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        if (claimed.isPresent()) {
            try (TestHost machine = claimed.get()) {
                assertEquals(Set.of(), machine.lastingLeftovers(scratch.resolve("state")));
            }
        }
    }

    private void call(Map<String, List<String>> uncached, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/jrun").toString(),
                "--root",
                scratch.resolve("state").toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(scratch.toFile());
        builder.environment().put("JRUN_ENGINE_IDLE", "0");
        Execution.of(builder).succeeds();
        List<String> classes = takeLoaded();
        if (!classes.isEmpty()) {
            uncached.put(String.join(" ", words), classes);
        }
    }

    /** What the engines of a call have loaded: {@code top} has two. */
    private List<String> takeLoaded() throws IOException {
        List<String> classes = new ArrayList<>();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(loaded)) {
            for (Path log : logs) {
                Files.readAllLines(log).stream()
                        .map(LOADED::matcher)
                        .filter(Matcher::matches)
                        .map(line -> line.group(1))
                        .forEach(classes::add);
                Files.delete(log);
            }
        }
        return classes;
    }

    /** Without, a limit cannot be changed. */
    private static boolean hasControllers() throws IOException {
        Path controllers = Path.of("/sys/fs/cgroup/cgroup.controllers");
        return Files.notExists(controllers)
                || List.of(Files.readString(controllers).strip().split(" ")).containsAll(List.of("memory", "pids"));
    }

    @Test
    void eachCommandHasItsClassesInTheCache() throws IOException {
        Programs.need("ps");
        String bundle = Bundle.bare(scratch.resolve("bundle"))
                .inCgroup(claimed.orElseThrow().cgroupsPath("first"))
                .runs("sleep", "1000")
                .path();
        Map<String, List<String>> uncached = new TreeMap<>();
        for (String command : List.of("--version", "features", "run --help", "engine --help")) {
            call(uncached, command.split(" "));
        }
        call(uncached, "create", "--bundle", bundle, "c");
        List<String> limits =
                hasControllers() ? List.of("update --pids-limit 100 c", "update --memory 100M c") : List.of();
        List<String> commands = new ArrayList<>(List.of(
                "start c",
                "state c",
                "list",
                "list --format json",
                "exec c true",
                "ps c",
                "events --stats c",
                "top --no-stream c",
                "pause c",
                "resume c"));
        commands.addAll(limits);
        commands.addAll(List.of("kill c KILL", "delete --force c"));
        for (String command : commands) {
            call(uncached, command.split(" "));
        }
        call(uncached, "run", "--detach", "--bundle", bundle, "d");
        call(uncached, "delete", "--force", "d");
        assertEquals(Map.of(), uncached);
    }

    @Test
    void soHaveTheConfigurationsOfEngines() throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("engine"));
        Map<String, List<String>> uncached = new TreeMap<>();
        for (String name : List.of(
                "docker-28.5-limits",
                "podman-5.8-run",
                "podman-5.8-pod-member",
                "cri-2.1-container",
                "buildah-1.43-run")) {
            Files.writeString(directory.resolve("config.json"), new CapturedDocument(name).text());
            call(uncached, "explain", "--bundle", directory.toString());
        }
        assertEquals(Map.of(), uncached);
    }
}
