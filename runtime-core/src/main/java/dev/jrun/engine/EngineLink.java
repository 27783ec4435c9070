// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerIdentity;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.MountedDirectory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A symbolic link to {@code /proc/PID/fd/N}, an engine's descriptor of the socket at which it listens. An engine that
 * is killed leaves its link behind; by now, another process may have its pid, and anything under that number. So nobody
 * follows the link without checking first what is there.
 *
 * @param pid in the pid namespace of all who have the same identity
 * @param descriptor of the engine, for as long as it lives
 */
record EngineLink(long pid, long descriptor) {

    private static final Path PROC = Path.of("/proc");
    private static final Path FD = Path.of("fd");

    /** What the kernel says of a file whose name was taken away; proc_pid_fd(5). */
    private static final String DELETED = " (deleted)";

    /** What is behind the pid namespace in the name of a place; {@code native-shim/src/engine.c} makes the name. */
    private static final char END_OF_NAMESPACE = '-';

    private static final int DIGITS = 9;

    /** What the file at this path says; empty if it is no such link. */
    static Optional<EngineLink> at(Path path) throws IOException {
        try {
            Path target = Files.readSymbolicLink(path);
            if (target.getNameCount() != 4
                    || !target.startsWith(PROC)
                    || !target.getName(2).equals(FD)) {
                return Optional.empty();
            }
            long pid = number(target.getName(1).toString());
            long descriptor = number(target.getName(3).toString());
            return pid > 0 && descriptor >= 0 ? Optional.of(new EngineLink(pid, descriptor)) : Optional.empty();
        } catch (NoSuchFileException | NotLinkException e) {
            return Optional.empty();
        }
    }

    /** -1 if the text is none. */
    private static long number(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return text.isEmpty() || text.length() > DIGITS ? -1 : Long.parseLong(text);
    }

    Path target() {
        return of("fd");
    }

    private Path of(String directory) {
        return Path.of("/proc/" + pid + "/" + directory + "/" + descriptor);
    }

    /**
     * What the socket of process {@code pid} is called before its name is taken away, and the link before it is put at
     * its place.
     */
    static Path hidden(Path path, long pid) {
        return path.resolveSibling("." + path.getFileName() + "." + pid);
    }

    /**
     * Whether there is an engine at this place that has this identity: then its callers, who ask the same, find it,
     * too. The name that the socket had tells it from whatever else a process has that was given the pid of a dead one;
     * and the mount on which that name was, from what somebody has called so in another mount namespace.
     *
     * @throws IOException if it cannot be found out
     */
    boolean leadsToEngineOf(Path path, PeerIdentity identity) throws IOException {
        try {
            String name = "/" + hidden(path, pid).getFileName() + DELETED;
            return Files.readSymbolicLink(target()).toString().endsWith(name)
                    && identity.isOf(Math.toIntExact(pid))
                    && MountedDirectory.at(path.getParent()).isOnMountOf(of("fdinfo"));
        } catch (NoSuchFileException | NotLinkException | AccessDeniedException e) {
            return false;
        }
    }

    /**
     * Removes what engines have left that were killed, next to this place: links whose pids are of the same pid
     * namespace, and are nobody's now.
     */
    static void removeThoseOfTheDead(Path path) {
        String name = path.getFileName().toString();
        String namespace = name.substring(0, name.indexOf(END_OF_NAMESPACE) + 1);
        if (namespace.isEmpty()) {
            return;
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(path.getParent(), namespace + "*");
                DirectoryStream<Path> hidden = Files.newDirectoryStream(path.getParent(), "." + namespace + "*")) {
            for (Path link : links) {
                removeIfDead(link, hidden(path, ProcessHandle.current().pid()));
            }
            for (Path file : hidden) {
                String text = file.toString();
                if (isNobodys(number(text.substring(text.lastIndexOf('.') + 1)))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            // The next engine tries it again.
        }
    }

    /**
     * @param aside where the link is put while it is looked at again: another engine may have put its own there by now
     */
    private static void removeIfDead(Path path, Path aside) throws IOException {
        Optional<EngineLink> link = at(path);
        if (link.isEmpty() || !isNobodys(link.get().pid())) {
            return;
        }
        Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        if (!link.equals(at(aside))) {
            putBack(path, aside);
        }
        Files.delete(aside);
    }

    private static void putBack(Path path, Path aside) throws IOException {
        try {
            Files.createSymbolicLink(path, Files.readSymbolicLink(aside));
        } catch (FileAlreadyExistsException e) {
            // A third has the place.
        }
    }

    private static boolean isNobodys(long pid) throws LinuxException {
        if (pid <= 0) {
            return false;
        }
        try {
            LinuxCalls.kill(Math.toIntExact(pid), 0);
            return false;
        } catch (LinuxException e) {
            if (e.is(Errno.ESRCH)) {
                return true;
            }
            if (e.is(Errno.EPERM)) {
                return false;
            }
            throw e;
        }
    }
}
