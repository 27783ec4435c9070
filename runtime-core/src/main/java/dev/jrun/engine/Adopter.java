// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process whose child this one became when its starter ended: init, or the nearest ancestor that asked for orphans
 * (prctl(2), {@code PR_SET_CHILD_SUBREAPER}).
 */
final class Adopter {

    /**
     * What Podman and CRI-O watch each container with. It has its runtime's orphans so that init is among its children, and when the
     * container has ended it waits for all of them before it ends itself: for as long an engine would stay, a service whose
     * main process it is would go on, too.
     */
    private static final String WAITS_FOR_ALL = "conmon";

    private Adopter() {}

    /** Whether it does not end before this process does. */
    static boolean waitsForUs() throws IOException {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        return parent.isPresent() && name(parent.get().pid()).equals(WAITS_FOR_ALL);
    }

    private static String name(long pid) throws IOException {
        return KernelFile.read(Path.of("/proc/" + pid + "/comm")).strip();
    }
}
