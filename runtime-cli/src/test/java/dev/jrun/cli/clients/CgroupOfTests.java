// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A cgroup below which an engine makes those of its containers, in each hierarchy. */
public record CgroupOfTests(String name) implements AutoCloseable {

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** One that nobody else has. */
    public static CgroupOfTests named(String prefix) {
        return new CgroupOfTests(prefix + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    }

    /** Removes it, and asserts that no container's is left in it. */
    @Override
    public void close() {
        List<Path> left = new ArrayList<>();
        for (Path own : directories()) {
            left.addAll(below(own));
            // The engine's directory for builds stays by intent, and is empty.
            removeEmpty(own);
        }
        left.removeIf(path -> path.endsWith("buildkit"));
        assertEquals(List.of(), left, "cgroups of containers");
    }

    private List<Path> directories() {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            return Stream.concat(Stream.of(CGROUPS), hierarchies)
                    .filter(hierarchy -> !Files.isSymbolicLink(hierarchy))
                    .map(hierarchy -> hierarchy.resolve(name))
                    .filter(Files::isDirectory)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> below(Path directory) {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isDirectory)
                    .filter(path -> !path.equals(directory))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** rmdir(2) refuses what is in use. */
    private static void removeEmpty(Path directory) {
        below(directory).reversed().forEach(path -> path.toFile().delete());
        directory.toFile().delete();
    }
}
