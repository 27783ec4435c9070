// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The process whose child this one is when its starter, a shim, has ended: init, or the nearest ancestor that asked for orphans
 * (prctl(2), {@code PR_SET_CHILD_SUBREAPER}).
 */
final class Subreaper {

    /**
     * What Podman and CRI-O watch each container with. It has its runtime's orphans so that init is among its children, and when the
     * container has ended it waits for all of them before it ends itself: for as long an engine would stay, a service whose
     * main process it is would go on, too.
     */
    private static final String WAITS_FOR_ALL = "conmon";

    private Subreaper() {}

    /** Whether it does not end before this process does. Who is to adopt us is an ancestor of ours, before and after. */
    static boolean waitsForUs() throws IOException {
        Optional<ProcessHandle> ancestor = parent();
        while (ancestor.isPresent()) {
            ProcessHandle process = ancestor.get();
            Optional<String> name = KernelFile.readIfPresent(Path.of("/proc/" + process.pid() + "/comm"));
            if (name.isPresent() && name.get().strip().equals(WAITS_FOR_ALL)) {
                return true;
            }
            ancestor = process.parent();
            if (ancestor.isEmpty() && !process.isAlive()) {
                // It has ended while we looked, most likely the shim when its call was done: we have been adopted.
                ancestor = parent();
            }
        }
        return false;
    }

    private static Optional<ProcessHandle> parent() {
        return ProcessHandle.current().parent();
    }
}
