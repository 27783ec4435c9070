// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    private static final String FROM_JAR = " source: file:";

    @TempDir
    Path scratch;

    private Path home;
    private Path loaded;
    private TestHost machine;

    /** A copy of the distribution whose engines say what they load. */
    @BeforeEach
    void copyDistribution() throws IOException {
        machine = TestHost.claim(scratch);
        Path build = TestHost.HOME.resolve("lib/build");
        String cache = "lib/jrun-" + Files.readString(build).strip() + ".aot";
        Programs.skipUnless(Files.exists(TestHost.HOME.resolve(cache)), "the distribution was built without training");
        home = scratch.resolve("jrun");
        loaded = scratch.resolve("loaded");
        Execution.of(new ProcessBuilder("cp", "-a", TestHost.HOME.toString(), home.toString()))
                .succeeds();
        Files.move(home.resolve(cache), home.resolve("lib/jrun-" + BUILD + ".aot"));
        Files.writeString(home.resolve("lib/build"), BUILD + "\n");
        Path arguments = home.resolve("lib/engine.args");
        Files.writeString(
                arguments, Files.readString(arguments) + "\n-Xlog:class+load:file=" + loaded + ":none:filecount=0\n");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        if (machine != null) {
            assertEquals(Set.of(), machine.lastingLeftovers(scratch.resolve("state")));
            machine.close();
        }
    }

    private void call(Map<String, List<String>> fromJar, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/jrun").toString(),
                "--root",
                scratch.resolve("state").toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command).directory(scratch.toFile());
        builder.environment().put("JRUN_ENGINE_IDLE", "0");
        Files.deleteIfExists(loaded);
        Execution.of(builder).succeeds();
        List<String> classes = Files.readAllLines(loaded).stream()
                .filter(line -> line.contains(FROM_JAR))
                .map(line -> line.substring(0, line.indexOf(FROM_JAR)))
                .toList();
        if (!classes.isEmpty()) {
            fromJar.put(String.join(" ", words), classes);
        }
    }

    @Test
    void eachCommandHasItsClassesInTheCache() throws IOException {
        Programs.need("ps");
        String bundle = Bundle.bare(scratch.resolve("bundle"))
                .inCgroup(machine.cgroupsPath("first"))
                .runs("sleep", "1000")
                .path();
        Map<String, List<String>> fromJar = new TreeMap<>();
        for (String command : List.of("--version", "features", "run --help", "engine --help")) {
            call(fromJar, command.split(" "));
        }
        call(fromJar, "create", "--bundle", bundle, "c");
        for (String command : List.of(
                "start c",
                "state c",
                "list",
                "list --format json",
                "exec c true",
                "ps c",
                "events --stats c",
                "top --no-stream c",
                "pause c",
                "resume c",
                "update --pids-limit 100 c",
                "update --memory 100M c",
                "kill c KILL",
                "delete --force c")) {
            call(fromJar, command.split(" "));
        }
        call(fromJar, "run", "--detach", "--bundle", bundle, "d");
        call(fromJar, "delete", "--force", "d");
        assertEquals(Map.of(), fromJar);
    }

    @Test
    void soHaveTheConfigurationsOfEngines() throws IOException {
        Path directory = Files.createDirectories(scratch.resolve("engine"));
        Map<String, List<String>> fromJar = new TreeMap<>();
        for (String name : List.of(
                "docker-28.5-limits",
                "podman-5.8-run",
                "podman-5.8-pod-member",
                "cri-2.1-container",
                "buildah-1.43-run")) {
            Files.writeString(directory.resolve("config.json"), new CapturedDocument(name).text());
            call(fromJar, "explain", "--bundle", directory.toString());
        }
        assertEquals(Map.of(), fromJar);
    }
}
