// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.resctrl;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.MountRoot;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file system that shares out caches and memory bandwidth, resctrl of the kernel's documentation (user interface
 * for resource control): a directory is a class of service, and one in its {@code mon_groups} a group that is measured.
 *
 * @param root where it is mounted
 */
public record Resctrl(Path root) {

    private static final String POINTER = "/linux/intelRdt";
    private static final String MONITORING = "mon_groups";

    /**
     * The one that is mounted, if any.
     *
     * @throws CgroupException if that cannot be found out
     */
    public static Optional<Resctrl> mounted() throws CgroupException {
        try {
            return of(KernelFile.read(Path.of("/proc/self/mountinfo")));
        } catch (IOException unreadable) {
            throw CgroupException.ofField(
                    POINTER, "cannot find out whether resctrl is mounted: " + Failures.reason(unreadable), unreadable);
        }
    }

    /** @param mountinfo the text of {@code /proc/PID/mountinfo}, proc_pid_mountinfo(5) */
    static Optional<Resctrl> of(String mountinfo) {
        return MountEntry.visible(mountinfo, List.of("resctrl")).stream()
                .findFirst()
                .map(mount -> new Resctrl(Path.of(mount.mountPoint())));
    }

    /**
     * Makes the groups of a container that are not there yet.
     *
     * @return which directories were made
     * @throws CgroupException with the kernel's own words, if it refuses something; what was made is then removed again
     */
    public OwnDirectories make(ResctrlGroups groups, List<String> schemata) throws CgroupException {
        List<Path> made = new ArrayList<>();
        try {
            make(groups, schemata, made);
            MountRoot mounted = MountRoot.at(root);
            return OwnDirectories.of(made, made, _ -> mounted);
        } catch (CgroupException e) {
            throw takenBack(made, e);
        }
    }

    private void make(ResctrlGroups groups, List<String> schemata, List<Path> made) throws CgroupException {
        makeClass(groups, made);
        if (!schemata.isEmpty()) {
            write("/schemata", groups.ofClass().resolve("schemata"), String.join("\n", schemata) + "\n");
        }
        if (groups.monitoring().isPresent()) {
            makeDirectory("/enableMonitoring", groups.monitoring().get(), made);
        }
    }

    /** @return the failure, and what stays of what was made */
    private static CgroupException takenBack(List<Path> made, CgroupException failure) {
        try {
            remove(made.reversed());
            return failure;
        } catch (IOException e) {
            return failure.and("what was made cannot be removed: " + Failures.describe(e));
        }
    }

    /**
     * Makes sure that what the container is to have for itself is not somebody else's already.
     *
     * @throws CgroupException if it is there
     */
    public void claim(ResctrlGroups groups) throws CgroupException {
        for (Path directory : groups.own()) {
            if (!Files.notExists(directory)) {
                throw CgroupException.ofField(POINTER, directory + " exists already");
            }
        }
    }

    /** The file that says what a class of service may use: the kernel takes whole lines. */
    public static CgroupFile schemata(ResctrlGroups groups) {
        return new CgroupFile(groups.ofClass(), "schemata");
    }

    /** An error about what was written there, with the kernel's own words. */
    public CgroupException refused(CgroupException refusal) {
        return CgroupException.ofField(POINTER, refusal.reason() + lastStatus(), refusal);
    }

    private void makeClass(ResctrlGroups groups, List<Path> made) throws CgroupException {
        Path directory = groups.ofClass();
        if (Files.isDirectory(directory)) {
            return;
        }
        if (!groups.mayMakeClass()) {
            throw CgroupException.ofField(
                    POINTER + "/closID",
                    "the class " + directory + " does not exist, and jrun makes one only with a schema for it");
        }
        makeDirectory("/closID", directory, made);
    }

    private void makeDirectory(String member, Path directory, List<Path> made) throws CgroupException {
        try {
            Files.createDirectory(directory);
            made.add(directory);
        } catch (IOException e) {
            throw refused(member, "make " + directory, e);
        }
    }

    /**
     * Moves a process into the groups; what it forks later is in them, too.
     *
     * @param pid in this process's pid namespace
     */
    public void join(ResctrlGroups groups, long pid) throws CgroupException {
        write("", groups.ofClass().resolve("tasks"), Long.toString(pid));
        if (groups.monitoring().isPresent()) {
            write("/enableMonitoring", groups.monitoring().get().resolve("tasks"), Long.toString(pid));
        }
    }

    /** The kernel takes each write as a whole. */
    private void write(String member, Path file, String text) throws CgroupException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw refused(member, "write to " + file, e);
        }
    }

    private CgroupException refused(String member, String step, IOException e) {
        return CgroupException.ofField(POINTER + member, step + ": " + Failures.reason(e) + lastStatus(), e);
    }

    /** The kernel's words about the last thing that was refused. */
    private String lastStatus() {
        try {
            String status =
                    KernelFile.read(root.resolve("info/last_cmd_status")).strip();
            return status.isEmpty() || status.equals("ok") ? "" : " (" + status + ")";
        } catch (IOException none) {
            return "";
        }
    }

    /**
     * Removes directories that a container had for itself, innermost first; the kernel moves what is left in them one
     * level up.
     */
    public static void remove(List<Path> directories) throws IOException {
        for (Path directory : directories) {
            try {
                Files.delete(directory);
            } catch (NoSuchFileException gone) {
                // It was never made, or a removal is made again.
            }
        }
    }

    /** Where the groups of monitored containers of a class are. */
    static Path monitoring(Path ofClass) {
        return ofClass.resolve(MONITORING);
    }
}
