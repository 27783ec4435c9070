// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The containers of one run of the benchmark, which all have names of their own, and how to get rid of what is left of
 * them.
 *
 * @param prefix with which the ids of this run begin
 */
record Containers(String prefix) {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    String id(Subject subject, String name) {
        return prefix + subject.name() + "-" + name;
    }

    /** Removes every container that a runtime knows, then whatever processes and cgroups are left. */
    void removeAll(List<Subject.Runtime> runtimes, Path work) {
        for (Subject.Runtime runtime : runtimes) {
            names(runtime.root()).filter(name -> name.startsWith(prefix)).forEach(id -> delete(runtime, id, work));
        }
        for (Path cgroup : cgroups()) {
            remove(cgroup);
        }
    }

    private static void delete(Subject.Runtime runtime, String id, Path work) {
        try {
            new ProcessBuilder(runtime.forceDelete(id))
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("clean-up.log").toFile())
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            System.err.println("cannot remove container " + id + ": " + e.getMessage());
        }
    }

    private static Stream<String> names(Path directory) {
        String[] names = directory.toFile().list();
        return names == null ? Stream.empty() : Stream.of(names);
    }

    /** The innermost first. */
    private List<Path> cgroups() {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(CGROUPS, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException exception) {
                    if (CGROUPS.relativize(directory).toString().contains(prefix)) {
                        found.add(directory);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException exception) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.err.println("cannot look for cgroups: " + e.getMessage());
        }
        return found;
    }

    /** A killed process leaves its cgroup a little later. */
    private static void remove(Path cgroup) {
        try {
            Files.writeString(cgroup.resolve("cgroup.kill"), "1");
            for (int n = 0; n < 100 && !cgroup.toFile().delete(); n++) {
                Thread.sleep(20);
            }
        } catch (IOException e) {
            cgroup.toFile().delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (Files.exists(cgroup)) {
            System.err.println("cannot remove " + cgroup);
        }
    }
}
