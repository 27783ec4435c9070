// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.ProcessStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The process whose child this one is when its starter, a shim, has ended: init, or the nearest ancestor that asked for
 * orphans (prctl(2), {@code PR_SET_CHILD_SUBREAPER}).
 */
public final class Subreaper {

    /**
     * What Podman and CRI-O watch each container with, and what Buildah runs a step of a build in, which is executed as
     * {@code /proc/self/exe} under that name. They have their runtime's orphans so that init is among their children,
     * and when the container has ended they wait for all of them before they end themselves: for as long an engine
     * would stay, a service whose main process it is, or a build, would go on, too.
     */
    private static final Set<String> WAIT_FOR_ALL = Set.of("conmon", "buildah-oci-runtime");

    private Subreaper() {}

    /**
     * Whether it does not end before this process does. Who is to adopt us is an ancestor of ours, before and after.
     */
    public static boolean waitsForUs() throws IOException {
        Optional<ProcessHandle> ancestor = parent();
        while (ancestor.isPresent()) {
            ProcessHandle process = ancestor.get();
            if (waitsForAll(Path.of("/proc/" + process.pid()))) {
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

    private static boolean waitsForAll(Path process) throws IOException {
        String name =
                KernelFile.readIfPresent(process.resolve("comm")).orElse("").strip();
        String words = KernelFile.readIfPresent(process.resolve("cmdline")).orElse("");
        return WAIT_FOR_ALL.contains(name) || WAIT_FOR_ALL.contains(nameOfProgram(words));
    }

    /**
     * The first word of a command line, each of which ends with a null byte, without a directory: proc_pid_cmdline(5).
     */
    private static String nameOfProgram(String words) {
        int end = words.indexOf('\0');
        String first = end < 0 ? words : words.substring(0, end);
        return first.substring(first.lastIndexOf('/') + 1);
    }

    /**
     * Whether it reaps us when we have ended, as far as can be seen. Process 1 of a pid namespace may be any program,
     * such as one that a container is for. One that waits for children it has not made wants to know when they end: it
     * handles SIGCHLD, blocks it to take it by sigwaitinfo(2) or signalfd(2), or ignores it, which has the kernel reap
     * them.
     */
    public static boolean reapsUs() throws IOException {
        if (InitialNamespace.PID.isOwn()) {
            return true;
        }
        var init = new ProcessStatus(KernelFile.read(Path.of("/proc/1/status")));
        long noted = init.mask("SigCgt") | init.mask("SigBlk") | init.mask("SigIgn");
        return (noted & 1L << Signal.CHLD.number() - 1) != 0;
    }

    private static Optional<ProcessHandle> parent() {
        return ProcessHandle.current().parent();
    }
}
