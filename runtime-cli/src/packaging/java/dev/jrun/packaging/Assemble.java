// SPDX-License-Identifier: Apache-2.0
package dev.jrun.packaging;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the distribution together. Run by the build with the JDK whose runtime is to be shipped: {@code java
 * Assemble.java REPOSITORY CLASSPATH ROUNDS}. A distribution of the same content is kept, so that only a change costs
 * the training of its AOT cache. With 0 rounds of training there is no cache: quick to build, slow to start.
 */
final class Assemble {
    private final Path repository;
    private final List<Path> classPath;
    private final int rounds;

    private Assemble(Path repository, List<Path> classPath, int rounds) {
        this.repository = repository;
        this.classPath = classPath;
        this.rounds = rounds;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length != 3) {
            throw new IllegalArgumentException("need REPOSITORY CLASSPATH ROUNDS");
        }
        Path repository = Path.of(arguments[0]).toRealPath();
        List<Path> classPath = Arrays.stream(arguments[1].split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        new Assemble(repository, classPath, Integer.parseInt(arguments[2])).run();
    }

    private void run() throws IOException, InterruptedException {
        Path target = repository.resolve("runtime-cli/target");
        var next = new Distribution(target.resolve("jrun.next"));
        var distribution = new Distribution(target.resolve("jrun"));
        Distribution.delete(next.home());
        putTogether(next);
        String build = next.contentHash();
        if (distribution.isComplete(build)) {
            Distribution.delete(next.home());
            return;
        }
        Distribution.delete(distribution.home());
        Files.move(next.home(), distribution.home());
        if (rounds > 0) {
            new Training(distribution, build, rounds, engineConfigurations()).run();
            Files.copy(source("engine.args"), distribution.engineArguments(), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(distribution.build(), build + "\n");
    }

    private void putTogether(Distribution distribution) throws IOException {
        Files.createDirectories(distribution.lib());
        Files.createDirectories(distribution.shim().getParent());
        Files.copy(repository.resolve("native-shim/build/jrun"), distribution.shim());
        Files.setPosixFilePermissions(distribution.shim(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(source("engine.args"), distribution.engineArguments());
        ApplicationJar jar = ApplicationJar.merge(classPath);
        jar.write(distribution.jar());
        jar.writeNativeLibrary(distribution.lib().resolve("native"));
        Path licences = Files.createDirectories(distribution.lib().resolve("licences"));
        jar.writeLicences(licences);
        Files.copy(repository.resolve("LICENSE"), licences.resolve("LICENSE"));
        Files.copy(source("third-party.md"), licences.resolve("third-party.md"));
        RuntimeImage.link(distribution.jar(), distribution.runtime());
        Files.writeString(distribution.training(), training());
    }

    /** Part of the content: who may run containers trains another cache than who may not, and so do other calls. */
    private String training() throws IOException {
        return """
                containers: %s
                calls: %s %s
                """.formatted(
                Training.hasContainers(), Distribution.hash(source("java")), Distribution.hash(engineConfigurations()));
    }

    private Path engineConfigurations() {
        return repository.resolve("spec-fixtures/src/main/resources/fixtures/captured");
    }

    private Path source(String name) {
        return repository.resolve("runtime-cli/src/packaging").resolve(name);
    }
}
