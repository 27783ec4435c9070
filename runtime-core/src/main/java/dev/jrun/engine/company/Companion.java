// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.kernel.Poll;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Another process that is where this engine is, and no engine.
 *
 * @param pid its number, for as long as it lives
 * @param pidfd which tells when it does no longer
 */
record Companion(int pid, int pidfd) {

    /**
     * What the kernel calls the program of every engine ({@code native-shim/src/start.c}). It says so without reading
     * the process's memory, as it would for {@code cmdline}: a process can have such a reader wait for as long as it
     * likes.
     */
    private static final String ENGINE = "/lib/runtime/bin/java";

    /** As well if it has been replaced since; proc_pid_exe(5). */
    private static final String DELETED = " (deleted)";

    /** This process, if it is in one of these places, and no engine, and this engine may look into it. */
    static Optional<Companion> at(int pid, List<Place> places) {
        try {
            return isInOneOf(places, pid) && !isEngine(pid) ? hold(pid, places) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What was seen of this number is seen once more, of the process that is held. */
    private static Optional<Companion> hold(int pid, List<Place> places) throws IOException {
        var companion = new Companion(pid, LinuxCalls.pidfdOpen(pid));
        boolean held = false;
        try {
            held = isInOneOf(places, pid) && !isEngine(pid) && companion.lives();
            return held ? Optional.of(companion) : Optional.empty();
        } finally {
            if (!held) {
                companion.leave();
            }
        }
    }

    private static boolean isInOneOf(List<Place> places, int pid) throws IOException {
        for (Place place : places) {
            if (place.has(pid)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isEngine(int pid) throws IOException {
        String program =
                Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        return program.endsWith(ENGINE) || program.endsWith(ENGINE + DELETED);
    }

    /** Whether it is in this place. What has ended, or may not be looked into any more, is not. */
    boolean isIn(Place place) {
        try {
            return place.has(pid) && lives();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean lives() throws LinuxException {
        return LinuxCalls.poll(pidfd, Poll.POLLIN) == 0;
    }

    /** Holds it no longer. */
    void leave() {
        LinuxCalls.close(pidfd);
    }
}
