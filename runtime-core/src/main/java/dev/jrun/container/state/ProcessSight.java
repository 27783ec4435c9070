// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.kernel.call.BootId;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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
public record ProcessSight(PidScope shown, boolean isOurs) {

    private static final String SELF = "self";

    /** The pids of this process, from the namespace that {@code /proc} shows down to its own: proc_pid_status(5). */
    private static final String PIDS = "\nNSpid:\t";

    private static final String PARENT = "\nPPid:\t";

    private static volatile ProcessSight own;

    /**
     * That of this engine.
     *
     * @throws ContainerException if it cannot be found out
     */
    public static ProcessSight own() throws ContainerException {
        ProcessSight known = own;
        if (known == null) {
            known = look();
            own = known;
        }
        return known;
    }

    private static ProcessSight look() throws ContainerException {
        try {
            String status = KernelFile.read(status(SELF));
            boolean isOurs = hasOnePid(status);
            String namespace = isOurs ? ownNamespace() : shownNamespace(status);
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
        // A kernel without pid namespaces has no such line.
        return !status.contains(PIDS) || value(status, PIDS).indexOf('\t') < 0;
    }

    private static String ownNamespace() throws IOException {
        try {
            return namespace(SELF);
        } catch (NoSuchFileException none) {
            return PidScope.ONLY;
        }
    }

    /**
     * That of the nearest ancestor with one pid in this {@code /proc} that may be looked into: it is a member of what is shown there.
     * Empty if there is none.
     */
    private static String shownNamespace(String status) throws IOException {
        Optional<String> known = Optional.of(status);
        while (known.isPresent()) {
            String parent = value(known.get(), PARENT);
            known = KernelFile.readIfPresent(status(parent));
            if (known.isPresent() && hasOnePid(known.get())) {
                try {
                    return namespace(parent);
                } catch (IOException hidden) {
                    continue;
                }
            }
        }
        return "";
    }

    private static Path status(String pid) {
        return Path.of("/proc/" + pid + "/status");
    }

    private static String namespace(String pid) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(Path.of("/proc/" + pid + "/ns/pid"), "unix:dev,ino");
        return attributes.get("dev") + ":" + attributes.get("ino");
    }

    private static String value(String status, String name) {
        int start = status.indexOf(name) + name.length();
        return status.substring(start, status.indexOf('\n', start));
    }
}
