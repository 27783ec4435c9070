// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.io.IOException;
import java.nio.file.Path;

/** Processes that a procfs does not show to this one, proc(5): {@code hidepid=invisible}. To be hidden is not to be gone. */
final class HiddenProcesses {

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private HiddenProcesses() {}

    /**
     * Whether a process that /proc does not show may be there all the same.
     *
     * @throws ContainerException if it cannot be found out which processes /proc shows
     */
    static boolean mayBe(long pid) throws ContainerException {
        // What is no pid is a group to kill(2), or all.
        return pid > 0 && pid <= Integer.MAX_VALUE && (isCheapToAsk() || isAnyHidden()) && !isGone((int) pid);
    }

    /**
     * Loading the library for kill(2) takes longer than to read all mounts, which may be thousands, and with it that takes longer than the
     * call. The call is about the same process only where /proc shows this pid namespace.
     */
    private static boolean isCheapToAsk() throws ContainerException {
        return LinuxCalls.isLoaded() && ProcessSight.own().isOurs();
    }

    private static boolean isAnyHidden() {
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
