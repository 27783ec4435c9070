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

    /** Whether a process that /proc does not show may be there all the same. */
    static boolean mayBe(long pid) {
        try {
            // kill(2) takes a native library, which is not worth loading where nothing is hidden.
            return KernelFile.read(MOUNTS).contains("hidepid=") && !isGone((int) pid);
        } catch (IOException e) {
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
