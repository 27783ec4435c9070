// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.kernel.BootId;
import dev.jrun.kernel.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Which processes {@code /proc} shows to this engine and, in a system call, a pid means to it. That is not the same where {@code /proc}
 * was mounted in another pid namespace ({@code unshare --pid --fork} without {@code --mount-proc}): what is read there of a pid is about
 * another process than the one that a signal would hit.
 *
 * <p>An engine looks once. It cannot change its pid namespace, and it serves no other caller unless the caller has one pid in this
 * {@code /proc}, {@code engine.ProcessIdentity}.
 *
 * @param shown where the pids in {@code /proc} are of
 * @param isOurs whether pids in system calls are of the same
 */
record ProcessSight(PidScope shown, boolean isOurs) {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path OWN = Path.of("/proc/self/ns/pid");

    /** The first process of the namespace that {@code /proc} shows: in no other has it a number there. */
    private static final Path FIRST = Path.of("/proc/1/ns/pid");

    /** The pids of this process, from the namespace that {@code /proc} shows down to its own: proc_pid_status(5). */
    private static final String PIDS = "\nNSpid:\t";

    private static volatile ProcessSight own;

    /**
     * That of this engine.
     *
     * @throws ContainerException if it cannot be found out
     */
    static ProcessSight own() throws ContainerException {
        ProcessSight known = own;
        if (known == null) {
            known = look();
            own = known;
        }
        return known;
    }

    private static ProcessSight look() throws ContainerException {
        try {
            boolean isOurs = hasOnePid(KernelFile.read(STATUS));
            String namespace = isOurs ? ownNamespace() : shownNamespace();
            return new ProcessSight(new PidScope(BootId.current().orElse(""), namespace), isOurs);
        } catch (IOException e) {
            throw new ContainerException(
                    "cannot find out which processes /proc shows: there is no procfs of this pid namespace: "
                            + Failures.describe(e),
                    e);
        }
    }

    /** @param status the text of {@code /proc/self/status} */
    static boolean hasOnePid(String status) {
        int start = status.indexOf(PIDS);
        if (start < 0) {
            return true; // a kernel without pid namespaces
        }
        int end = status.indexOf('\n', start + PIDS.length());
        return status.substring(start + PIDS.length(), end).indexOf('\t') < 0;
    }

    private static String ownNamespace() throws IOException {
        try {
            return identity(OWN);
        } catch (NoSuchFileException none) {
            return PidScope.ONLY;
        }
    }

    /** Who may not look into that process does not learn it. */
    private static String shownNamespace() {
        try {
            return identity(FIRST);
        } catch (IOException unknown) {
            return "";
        }
    }

    private static String identity(Path namespace) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(namespace, "unix:dev,ino");
        return attributes.get("dev") + ":" + attributes.get("ino");
    }
}
