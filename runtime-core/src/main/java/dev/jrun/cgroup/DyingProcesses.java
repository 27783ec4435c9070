// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.HiddenProcesses;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.ProcessStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Processes that end as soon as they continue. */
final class DyingProcesses {

    private static final long KILLED = 1L << Signal.KILL.number() - 1;

    private DyingProcesses() {}

    /** Whether SIGKILL was sent to each of them, and there are any. */
    static boolean areAll(Set<Integer> pids) throws CgroupException {
        for (int pid : pids) {
            if (!isKilled(pid)) {
                return false;
            }
        }
        return !pids.isEmpty();
    }

    /** Of one whose pid is not seen here, 0, nothing is known, nor of one that /proc hides. */
    private static boolean isKilled(int pid) throws CgroupException {
        if (pid == 0) {
            return false;
        }
        Path status = Path.of("/proc/" + pid + "/status");
        try {
            Optional<String> text = KernelFile.readIfPresent(status);
            return text.isPresent()
                    ? (pending(new ProcessStatus(text.get())) & KILLED) != 0
                    : !HiddenProcesses.mayBe(pid);
        } catch (IOException error) {
            throw new CgroupException("read " + status + ": " + Failures.reason(error), error);
        }
    }

    /** Of the first thread, and of the whole process. */
    private static long pending(ProcessStatus status) throws IOException {
        return status.mask("SigPnd") | status.mask("ShdPnd");
    }
}
