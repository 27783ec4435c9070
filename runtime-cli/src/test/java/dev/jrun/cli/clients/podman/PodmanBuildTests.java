// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import static dev.jrun.cli.clients.podman.Podman.IMAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Images that are made by Podman and by Buildah, which call a runtime for each step. */
abstract class PodmanBuildTests extends PodmanTests {

    private static final String RECIPE = """
            FROM IMAGE
            ARG A=1
            RUN echo made by $A > /made; id -u; grep CapEff /proc/self/status
            WORKDIR /w
            RUN --mount=type=tmpfs,target=/t touch /t/x && echo in memory; pwd
            USER 1000
            RUN id -u; ! touch /x; grep CapEff /proc/self/status
            CMD cat /made
            """.replace("IMAGE", IMAGE);

    /** Those before 1.38 ask for it, which runc 1.1 does not mention. */
    private static final String AMBIENT = "jrun: warning: config.json#/process/capabilities/ambient: ";

    @Test
    void podmanBuilds() throws IOException {
        Path context = context("podman-context", RECIPE);
        Path failing = context("podman-failing", "FROM " + IMAGE + "\nRUN echo before; exit 4\n");
        String seen = sameAsWithRunc(session -> {
            podmanBuild(session, "--build-arg=A=me", "--tag=localhost/built", context.toString());
            session.run("--rm", "localhost/built");
            session.podman("rmi", "--force", "localhost/built");
            podmanBuild(session, failing.toString());
        });
        assertBuilt(seen);
        assertTrue(seen.contains("localhost/built\nmade by me\n-> 0\n"), seen);
        assertTrue(seen.contains("\nbefore\n"), seen);
        assertTrue(seen.endsWith("-> 4\n"), seen);
    }

    private static void podmanBuild(PodmanSession session, String... arguments) {
        List<String> words = new ArrayList<>(List.of("build", "--isolation=oci", "--network=none", "--layers=false"));
        words.addAll(List.of(arguments));
        Execution execution = session.quietly(words.toArray(String[]::new));
        session.transcript().add(words, withoutWarning(execution));
    }

    /** @return what is left when there was one short line for each step, or none */
    private static Execution withoutWarning(Execution execution) {
        List<String> warnings = execution
                .errors()
                .lines()
                .filter(line -> line.contains(AMBIENT))
                .toList();
        assertTrue(warnings.size() <= 2, execution::toString);
        assertTrue(warnings.stream().allMatch(line -> line.length() < 160), execution::toString);
        String rest = execution
                .errors()
                .lines()
                .filter(line -> !line.contains(AMBIENT))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return new Execution(execution.command(), execution.code(), execution.output(), rest);
    }

    @Test
    void buildahBuilds() throws IOException {
        Path context = context("context", RECIPE);
        Path outside = Files.createDirectory(scratch.resolve("outside"));
        Files.writeString(outside.resolve("file"), "from outside\n");
        String expected = buildahBuilds(new Buildah(podman, "runc", new Transcript()), context, outside);
        var jrun = new Buildah(podman, Machine.JRUN.toString(), new Transcript());
        String found = buildahBuilds(jrun, context, outside);
        assertEquals(expected, found);
        assertBuilt(found);
        assertTrue(found.contains("\nfrom outside\nh\n"), found);

        String container = jrun.from();
        String words = jrun.call("run", container, "--", "none").errors();
        assertTrue(
                words.contains("config.json#/process/args/0: exec: \"none\": executable file not found in $PATH"),
                words);
        jrun.call("rm", container).succeeds();
    }

    private static String buildahBuilds(Buildah buildah, Path context, Path outside) {
        String container = buildah.from();
        buildah.noted("run", container, "--", "sh", "-c", "echo out; grep ^Cap /proc/self/status; exit 3");
        buildah.noted("run", "--user=1000", "--workingdir=/tmp", container, "--", "sh", "-c", "id -u; pwd");
        buildah.noted(
                "run",
                "--volume=" + outside + ":/v:ro",
                "--hostname=h",
                container,
                "--",
                "sh",
                "-c",
                "cat /v/file; hostname; touch /v/x");
        buildah.noted("run", container, "--", "touch", "/made-here");
        buildah.noted("commit", "--quiet", "--rm", container, "localhost/committed");
        buildah.noted("build", "--layers=false", "--build-arg=A=me", "--tag=localhost/built", context.toString());
        buildah.noted("rmi", "--force", "localhost/committed", "localhost/built");
        return buildah.transcript().toString();
    }

    private static void assertBuilt(String seen) {
        assertTrue(seen.contains("\nin memory\n/w\n"), seen);
        assertTrue(seen.contains("\n1000\nCapEff:\t0000000000000000\n"), seen);
    }

    private static Path context(String name, String recipe) throws IOException {
        Path directory = Files.createDirectory(scratch.resolve(name));
        Files.writeString(directory.resolve("Containerfile"), recipe);
        return directory;
    }

    /** The images are Podman's. */
    private record Buildah(Podman podman, String runtime, Transcript transcript) {

        String from() {
            return call("from", IMAGE).succeeds().output().strip();
        }

        Execution call(String command, String... arguments) {
            List<String> words = new ArrayList<>(podman.withSettings("buildah", "--storage-driver=vfs"));
            words.addAll(List.of("--root", podman.directory().resolve("root").toString()));
            words.addAll(List.of("--runroot", podman.directory().resolve("run").toString(), command));
            if (command.equals("run") || command.equals("build")) {
                words.addAll(List.of("--isolation=oci", "--runtime=" + runtime));
            }
            words.addAll(List.of(arguments));
            return Execution.of(podman.machine().command(words));
        }

        void noted(String command, String... arguments) {
            List<String> words = new ArrayList<>(List.of(command));
            words.addAll(List.of(arguments));
            transcript.add(words, withoutWarning(call(command, arguments)));
        }
    }
}
