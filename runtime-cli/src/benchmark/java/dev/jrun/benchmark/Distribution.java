// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a build of jrun consists of. */
record Distribution(Path directory) {

    Path program() {
        return directory.resolve("bin/jrun");
    }

    /** The AOT cache, if it was built with one. */
    Optional<Path> cache() {
        try (Stream<Path> files = Files.list(directory.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".aot")).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A JVM with the flags, classes and AOT cache of an engine, which only says its version. */
    List<String> idleJvm() {
        String cache = cache().map(file -> "-XX:AOTCache=" + file).orElse("-Xshare:auto");
        return List.of(
                directory.resolve("lib/runtime/bin/java").toString(),
                "@" + directory.resolve("lib/engine.args"),
                cache,
                "-cp",
                directory.resolve("lib/jrun.jar").toString(),
                "--version");
    }
}
