// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution that the build left, as a whole. */
class DistributionIT {
    /** Class files from before this version have no stack maps, so an AOT cache leaves them out (JVMS 4.10.1). */
    private static final int FIRST_WITH_STACK_MAPS = 50;

    private static final Path HOME = Path.of(System.getProperty("jrun.home"));

    @TempDir
    Path scratch;

    private record Result(int code, String output) {}

    @Test
    void hasAllItsParts() throws IOException {
        String build = build();
        assertTrue(build.matches("[0-9a-f]{32}"), build);
        assertTrue(Files.isExecutable(HOME.resolve("bin/jrun")));
        assertTrue(Files.isExecutable(HOME.resolve("lib/runtime/bin/java")));
        for (String part : List.of("jrun.jar", "engine.args", "native/libjffi-1.2.so", "jrun-" + build + ".aot")) {
            assertTrue(Files.isRegularFile(HOME.resolve("lib").resolve(part)), part);
        }
    }

    @Test
    void everyClassCanBeInTheCache() throws IOException {
        var tooOld = new ArrayList<String>();
        try (var jar = new JarFile(HOME.resolve("lib/jrun.jar").toFile())) {
            for (var entry : jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .toList()) {
                try (var content = new DataInputStream(jar.getInputStream(entry))) {
                    content.skipNBytes(6);
                    if (content.readUnsignedShort() < FIRST_WITH_STACK_MAPS) {
                        tooOld.add(entry.getName());
                    }
                }
            }
        }
        assertEquals(List.of(), tooOld);
    }

    @Test
    void theCacheIsAcceptedWithTheFlagsOfTheEngine() throws IOException, InterruptedException {
        Result result = run(
                HOME.resolve("lib/runtime/bin/java").toString(),
                "@" + HOME.resolve("lib/engine.args"),
                "-XX:AOTCache=" + HOME.resolve("lib/jrun-" + build() + ".aot"),
                // Ends with an error instead of going on without.
                "-XX:AOTMode=on",
                "-cp",
                HOME.resolve("lib/jrun.jar").toString(),
                "-version");
        assertEquals(0, result.code(), result.output());
    }

    @Test
    void worksInAnotherPlace() throws IOException, InterruptedException {
        Path elsewhere = scratch.resolve("else where");
        assertEquals(0, run("cp", "-a", HOME.toString(), elsewhere.toString()).code());

        Result here = run(HOME.resolve("bin/jrun").toString(), "--version");
        Result there = run(elsewhere.resolve("bin/jrun").toString(), "--version");

        assertEquals(0, there.code(), there.output());
        assertEquals(here, there);
    }

    @Test
    void worksThroughASymbolicLink() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(scratch.resolve("jrun"), HOME.resolve("bin/jrun"));

        assertEquals(0, run(link.toString(), "--version").code());
    }

    private static String build() throws IOException {
        return Files.readString(HOME.resolve("lib/build")).strip();
    }

    private static Result run(String... command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Neither of the two places leaves an engine behind, nor is served by the other's.
        builder.environment().put("JRUN_ENGINE_IDLE", "0");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        return new Result(process.waitFor(), output);
    }
}
