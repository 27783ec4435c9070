// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.OpenDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Walks through all cgroups below one, each before those in it. The container may have made any number of them, at any
 * depth and with any names. So the walk is not recursive, no path gets longer on the way, and at most two directories
 * are open.
 */
final class CgroupWalk {

    /** What is done on the way. */
    interface Visitor {

        /** Before a cgroup is entered: whether it is to be. */
        default boolean enters(OpenDirectory parent, byte[] name) throws IOException {
            return true;
        }

        /** In a cgroup. */
        default void visit(OpenDirectory cgroup) throws IOException {}

        /** After a cgroup and all below it was visited. */
        default void leave(OpenDirectory parent, byte[] name) throws IOException {}
    }

    /** A directory on the way down, and which of its children are still to be seen. */
    private record Level(byte[] name, Deque<byte[]> children) {}

    private final Visitor visitor;
    private final Duration limit;
    private final long start = System.nanoTime();
    private final Deque<Level> levels = new ArrayDeque<>();
    private OpenDirectory current;

    private CgroupWalk(OpenDirectory top, Visitor visitor, Duration limit) {
        this.current = top;
        this.visitor = visitor;
        this.limit = limit;
    }

    /**
     * Takes a visitor through the cgroups below {@code top}; nothing is done if there is no such cgroup.
     *
     * @param limit how long that may take: a container that lives may make cgroups faster than anyone can follow
     */
    static void below(Path top, Visitor visitor, Duration limit) throws IOException {
        Optional<OpenDirectory> opened = ifPresent(() -> OpenDirectory.at(top));
        if (opened.isEmpty()) {
            return;
        }
        var walk = new CgroupWalk(opened.get(), visitor, limit);
        try {
            walk.go();
        } finally {
            walk.current.close();
        }
    }

    private void go() throws IOException {
        push(new byte[0]);
        while (true) {
            Level level = levels.peek();
            byte[] child = level.children.poll();
            if (child != null) {
                if (visitor.enters(current, child)) {
                    enter(child);
                }
                continue;
            }
            levels.pop();
            if (levels.isEmpty()) {
                return;
            }
            stepTo(current.parent());
            visitor.leave(current, level.name);
        }
    }

    private void enter(byte[] name) throws IOException {
        if (System.nanoTime() - start > limit.toNanos()) {
            throw new CgroupException("there are more than can be read in " + limit.toSeconds() + " s");
        }
        Optional<OpenDirectory> child = childIfPresent(current, name);
        if (child.isPresent()) {
            stepTo(child.get());
            visitor.visit(current);
            push(name);
        }
    }

    private void push(byte[] name) throws IOException {
        levels.push(new Level(name, new ArrayDeque<>(current.directories())));
    }

    private void stepTo(OpenDirectory next) {
        current.close();
        current = next;
    }

    /** A directory in another; empty if it is there no more. */
    static Optional<OpenDirectory> childIfPresent(OpenDirectory parent, byte[] name) throws LinuxException {
        return ifPresent(() -> parent.child(name));
    }

    /** How a directory is opened. */
    private interface Opening {
        OpenDirectory open() throws LinuxException;
    }

    private static Optional<OpenDirectory> ifPresent(Opening opening) throws LinuxException {
        try {
            return Optional.of(opening.open());
        } catch (LinuxException error) {
            if (error.is(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw error;
        }
    }
}
