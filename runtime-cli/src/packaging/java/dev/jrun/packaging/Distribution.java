// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Where the parts of a distribution are.
 *
 * @param home its root directory, absolute
 */
record Distribution(Path home) {
    Path lib() {
        return home.resolve("lib");
    }

    Path shim() {
        return home.resolve("bin/jrun");
    }

    Path jar() {
        return lib().resolve("jrun.jar");
    }

    Path runtime() {
        return lib().resolve("runtime");
    }

    Path engineArguments() {
        return lib().resolve("engine.args");
    }

    /** The file that names the build. An engine serves only callers of its own build. */
    Path build() {
        return lib().resolve("build");
    }

    Path cache(String build) {
        return lib().resolve("jrun-" + build + ".aot");
    }

    /** Whether this is the distribution of that build, with its AOT cache. */
    boolean isComplete(String name) throws IOException {
        return Files.exists(build()) && Files.readString(build()).strip().equals(name) && Files.exists(cache(name));
    }

    /** Deletes a directory and all that is in it, if it exists. */
    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var walk = Files.walk(directory)) {
                walk.sorted(Comparator.reverseOrder()).forEach(Distribution::deleteOne);
            }
        }
    }

    /** A name for everything that the distribution consists of so far: 32 hexadecimal digits. */
    String contentHash() throws IOException {
        return hash(home);
    }

    /** Of all files in and below {@code directory}, likewise. */
    static String hash(Path directory) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            List<Path> files;
            try (var walk = Files.walk(directory)) {
                files = walk.filter(Files::isRegularFile).sorted().toList();
            }
            for (Path file : files) {
                digest.update(directory.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                digest.update(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Says what the AOT cache was trained with. */
    Path training() {
        return lib().resolve("training");
    }

    private static void deleteOne(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
