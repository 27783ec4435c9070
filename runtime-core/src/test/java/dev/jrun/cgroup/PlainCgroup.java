// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A cgroup of v2 in plain directories: {@code a/c} beside what else is in the root. This machine's kernel may have its
 * controllers in v1 hierarchies, and then their files of v2 are nowhere. Unlike with the kernel, what is written
 * replaces only as many characters of what was there.
 */
public final class PlainCgroup {
    private final Path directory;

    private PlainCgroup(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes one that has a controller.
     *
     * @param root where to
     */
    public static PlainCgroup with(Path root, String controller) throws IOException {
        PlainCgroup cgroup = new PlainCgroup(Files.createDirectories(root.resolve("a/c")));
        for (Path path : new Path[] {root, root.resolve("a"), cgroup.directory}) {
            Files.writeString(path.resolve("cgroup.controllers"), controller + "\n");
        }
        return cgroup;
    }

    /** Gives it a file. */
    public PlainCgroup file(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
        return this;
    }

    public String read(String name) throws IOException {
        return Files.readString(directory.resolve(name)).strip();
    }

    public Path path() {
        return directory;
    }

    public Cgroup cgroup() {
        return new Cgroup(new CgroupDirectories(Optional.of(directory), new TreeMap<>()));
    }
}
