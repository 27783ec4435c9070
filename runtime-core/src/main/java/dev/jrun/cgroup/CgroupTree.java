// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A cgroup's directory in one hierarchy with all that is below it. The container may have made that: as many cgroups,
 * as deep, as it liked, also deeper than a path can be long. So nothing here is recursive, and what is below is named
 * relative to open directories.
 */
record CgroupTree(Path directory) {
    /** A directory on the way down, and which of its children are still to be seen. */
    private record Level(SecureDirectoryStream<Path> directory, Path name, Deque<Path> children) {}

    /** Adds the pids of all processes; those of another pid namespace, which have no number here, as 0. */
    void addPidsTo(Set<Integer> pids) throws CgroupException {
        addPids(directory, pids);
        if (!hasChildren()) {
            return;
        }
        Deque<Path> pending = new ArrayDeque<>(List.of(directory));
        while (!pending.isEmpty()) {
            Path current = pending.pop();
            for (Path child : children(current)) {
                addPids(child, pids);
                pending.push(child);
            }
        }
    }

    /**
     * Removes the cgroup and all below it, as far as no process is in the way.
     *
     * @return empty if it is gone, else what the kernel said about it, such as "device or resource busy"
     */
    Optional<String> remove() throws CgroupException {
        try {
            Optional<String> obstacle = removeEmpty();
            if (obstacle.isPresent() && hasChildren()) {
                removeChildren();
                obstacle = removeEmpty();
            }
            return obstacle;
        } catch (DirectoryIteratorException error) {
            throw failed(error.getCause());
        } catch (IOException error) {
            throw failed(error);
        }
    }

    /** Removes a single cgroup if it is there and nothing is in it; the kernel does not let go of any other. */
    static void removeIfEmpty(Path directory) {
        try {
            Files.delete(directory);
        } catch (IOException inUse) {
            // Then it is somebody's.
            return;
        }
    }

    private CgroupException failed(IOException error) {
        return new CgroupException("remove " + directory + ": " + CgroupException.reason(error), error);
    }

    private Optional<String> removeEmpty() {
        try {
            Files.delete(directory);
            return Optional.empty();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException error) {
            return Optional.of(CgroupException.reason(error));
        }
    }

    /** kernfs counts a directory's links as most file systems do: two, and one for each directory in it. */
    private boolean hasChildren() throws CgroupException {
        try {
            return (int) Files.getAttribute(directory, "unix:nlink", NOFOLLOW_LINKS) > 2;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException error) {
            throw new CgroupException("stat " + directory + ": " + CgroupException.reason(error), error);
        }
    }

    /** What cannot be removed stays; then the directory itself cannot be either, and says why. */
    private void removeChildren() throws IOException {
        Deque<Level> levels = new ArrayDeque<>();
        try {
            levels.push(level(Files.newDirectoryStream(directory), directory));
            while (!levels.isEmpty()) {
                Level level = levels.peek();
                Path child = level.children.poll();
                if (child == null) {
                    levels.pop().directory.close();
                    if (!levels.isEmpty()) {
                        removeFrom(levels.peek(), level.name);
                    }
                } else if (!removeFrom(level, child)) {
                    levels.push(level(level.directory.newDirectoryStream(child, NOFOLLOW_LINKS), child));
                }
            }
        } catch (NoSuchFileException changedMeanwhile) {
            return;
        } finally {
            for (Level level : levels) {
                level.directory.close();
            }
        }
    }

    private static boolean removeFrom(Level parent, Path child) {
        try {
            parent.directory.deleteDirectory(child);
            return true;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException busy) {
            return false;
        }
    }

    private static Level level(DirectoryStream<Path> opened, Path name) throws IOException {
        if (!(opened instanceof SecureDirectoryStream<Path> stream)) {
            opened.close();
            throw new IOException("no openat(2) on this platform");
        }
        Deque<Path> children = new ArrayDeque<>();
        try {
            for (Path entry : stream) {
                Path child = entry.getFileName();
                if (stream.getFileAttributeView(child, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                        .readAttributes()
                        .isDirectory()) {
                    children.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException error) {
            stream.close();
            throw error;
        }
        return new Level(stream, name, children);
    }

    private static List<Path> children(Path directory) throws CgroupException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(directory, entry -> Files.isDirectory(entry, NOFOLLOW_LINKS))) {
            List<Path> children = new ArrayList<>();
            entries.forEach(children::add);
            return children;
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException | DirectoryIteratorException error) {
            IOException cause =
                    error instanceof DirectoryIteratorException iterating ? iterating.getCause() : (IOException) error;
            throw new CgroupException("list " + directory + ": " + CgroupException.reason(cause), cause);
        }
    }

    private static void addPids(Path directory, Set<Integer> pids) throws CgroupException {
        Path procs = directory.resolve("cgroup.procs");
        try (var lines = Files.lines(procs)) {
            lines.map(Integer::valueOf).forEach(pids::add);
        } catch (IOException | UncheckedIOException error) {
            IOException cause =
                    error instanceof UncheckedIOException unchecked ? unchecked.getCause() : (IOException) error;
            if (!CgroupFile.isGone(procs, cause) && !isThreaded(directory)) {
                throw new CgroupException("read " + procs + ": " + CgroupException.reason(cause), cause);
            }
        }
    }

    /** Then its list of processes cannot be read: they are in that of the domain above it. */
    private static boolean isThreaded(Path directory) throws CgroupException {
        return new CgroupFile(directory, "cgroup.type").readIfPresent().equals(Optional.of("threaded"));
    }
}
