// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import dev.jrun.kernel.Errno;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Processes that a procfs does not show to this one, proc(5): {@code hidepid=invisible}. To be hidden is not to be
 * gone.
 */
public final class HiddenProcesses {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private HiddenProcesses() {}

    /**
     * Whether a process that /proc does not show may be there all the same.
     *
     * @throws IOException if it cannot be found out which processes /proc shows
     */
    public static boolean mayBe(long pid) throws IOException {
        if (pid <= 0 || pid > Integer.MAX_VALUE) {
            // What is no pid is a group to kill(2), or all.
            return false;
        }
        Optional<String> own = KernelFile.readIfPresent(ProcessStatus.OWN);
        if (own.isEmpty()) {
            return true;
        }
        // Reading all mounts, which may be thousands, takes longer than kill(2), but not as long as loading the library
        // for it.
        if (!LinuxCalls.isLoaded() && !areSome()) {
            return false;
        }
        // Elsewhere the call is about another process.
        return new ProcessStatus(own.get()).hasOnePid() ? !isGone((int) pid) : areSome();
    }

    /**
     * Whether any may be: with {@code hidepid=noaccess} and {@code ptraceable} they are there, and cannot be looked
     * into.
     */
    public static boolean areSome() {
        try {
            return KernelFile.read(MOUNTS).contains("hidepid=");
        } catch (IOException unknown) {
            return true;
        }
    }

    private static boolean isGone(int pid) {
        try {
            LinuxCalls.kill(pid, 0);
            return false;
        } catch (LinuxException e) {
            return e.is(Errno.ESRCH);
        }
    }
}
