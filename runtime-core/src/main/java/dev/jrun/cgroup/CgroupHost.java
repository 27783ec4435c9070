// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import dev.jrun.kernel.call.MountEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The cgroup hierarchies that are mounted on this host, as this process sees them. Immutable. */
public final class CgroupHost implements OwnDirectories.Roots {
    /**
     * The name of the engines' cgroup, at the root of a hierarchy. No container may be there: it would be killed with
     * the engines in it.
     */
    static final String ENGINES = "jrun-engine";

    private static final String CUSTOMARY = "/sys/fs/cgroup";
    private static final String MOUNTINFO = "/proc/self/mountinfo";
    static final String POINTER = "/linux/cgroupsPath";

    private final Optional<Hierarchy.Unified> unified;
    private final List<Hierarchy.Legacy> legacy;

    /** By mount point, as they are asked for. */
    private final Map<Path, MountRoot> roots = new ConcurrentHashMap<>();

    private CgroupHost(Optional<Hierarchy.Unified> unified, List<Hierarchy.Legacy> legacy) {
        this.unified = unified;
        this.legacy = legacy;
    }

    /** What is mounted. */
    public enum Layout {
        /** Nothing. */
        NONE,
        /** Hierarchies of cgroup v1 only. */
        LEGACY,
        /** Hierarchies of cgroup v1 with controllers, and cgroup v2 beside them. */
        HYBRID,
        /** cgroup v2 only. */
        UNIFIED
    }

    /**
     * What the kernel says of this process's cgroups and where they are mounted.
     *
     * @param mountinfo the text of {@code /proc/self/mountinfo}
     * @param cgroup the text of {@code /proc/self/cgroup}
     */
    public record Description(String mountinfo, String cgroup) {

        /**
         * Reads both files.
         *
         * @throws CgroupException if they cannot be read
         */
        public static Description read() throws CgroupException {
            return new Description(read(MOUNTINFO), read("/proc/self/cgroup"));
        }

        /**
         * Whether the same is mounted still: only what is mounted can be used, so the other file need not be read.
         *
         * @throws CgroupException if that cannot be read
         */
        public boolean isCurrent() throws CgroupException {
            return mountinfo.equals(read(MOUNTINFO));
        }

        private static String read(String file) throws CgroupException {
            try {
                return KernelFile.read(Path.of(file));
            } catch (IOException unreadable) {
                throw new CgroupException(
                        "cannot see what cgroups this host has: " + Failures.reason(unreadable), unreadable);
            }
        }
    }

    /**
     * The host of this process, now.
     *
     * @throws CgroupException if the files that describe it cannot be read
     */
    public static CgroupHost ofThisProcess() throws CgroupException {
        return detect(Description.read());
    }

    /** The host that these files describe. */
    public static CgroupHost detect(Description files) {
        return detect(files.mountinfo(), files.cgroup());
    }

    /**
     * The host that these files describe.
     *
     * <p>If anything is mounted at or below {@code /sys/fs/cgroup}, only that counts: others mount cgroup v2 elsewhere
     * for purposes of their own. A v1 hierarchy that the kernel has but that is not mounted is left alone.
     *
     * @param mountinfo the text of {@code /proc/PID/mountinfo}, proc_pid_mountinfo(5)
     * @param cgroup the text of {@code /proc/PID/cgroup} of any process, cgroups(7)
     */
    public static CgroupHost detect(String mountinfo, String cgroup) {
        List<MountEntry> mounts = MountEntry.visible(mountinfo, List.of("cgroup", "cgroup2"));
        List<MountEntry> customary =
                mounts.stream().filter(mount -> mount.isAtOrBelow(CUSTOMARY)).toList();
        List<MountEntry> candidates = new ArrayList<>(customary.isEmpty() ? mounts : customary);
        // Of several mounts of one hierarchy the one that shows most of it, and then the plainest name.
        candidates.sort(CgroupHost::compare);

        Optional<Hierarchy.Unified> unified = candidates.stream()
                .filter(mount -> mount.fileSystem().equals("cgroup2"))
                .map(mount -> new Hierarchy.Unified(Path.of(mount.mountPoint()), mount.root()))
                .findFirst();
        List<Hierarchy.Legacy> legacy = CgroupMembership.parse(cgroup).paths().keySet().stream()
                .filter(controllers -> !controllers.isEmpty())
                .flatMap(controllers -> candidates.stream()
                        .filter(mount -> mount.fileSystem().equals("cgroup"))
                        .filter(mount -> mount.superOptions().containsAll(List.of(controllers.split(","))))
                        .map(mount -> new Hierarchy.Legacy(controllers, Path.of(mount.mountPoint()), mount.root()))
                        .limit(1))
                .toList();
        return new CgroupHost(unified, legacy);
    }

    Optional<Hierarchy.Unified> unified() {
        return unified;
    }

    List<Hierarchy.Legacy> legacy() {
        return legacy;
    }

    /** Where cgroup v2 is mounted. */
    Optional<Path> unifiedMountPoint() {
        return unified.map(Hierarchy.Unified::mountPoint);
    }

    /** The place of engines in each hierarchy. Nothing is made. */
    CgroupDirectories engines() {
        SortedMap<String, Path> inLegacy = new TreeMap<>();
        for (Hierarchy.Legacy hierarchy : legacy) {
            inLegacy.put(hierarchy.controllers(), hierarchy.engines());
        }
        return new CgroupDirectories(unified.map(Hierarchy::engines), inLegacy);
    }

    public Layout layout() {
        if (unified.isEmpty()) {
            return legacy.isEmpty() ? Layout.NONE : Layout.LEGACY;
        }
        return legacy.isEmpty() ? Layout.UNIFIED : Layout.HYBRID;
    }

    /**
     * Where the containers of a caller belong.
     *
     * @param callerCgroup the text of {@code /proc/PID/cgroup} of the process that calls the runtime
     */
    public CgroupPlacement placement(String callerCgroup) {
        return new CgroupPlacement(this, CgroupMembership.parse(callerCgroup));
    }

    /**
     * How another process comes into a container's cgroup, where that one's own cgroup v2 takes none: beside a process
     * of the container.
     *
     * @param membership the text of that process's {@code /proc/PID/cgroup}
     * @return empty if it is, in cgroup v2, neither in the container's cgroup nor below it
     */
    public Optional<CgroupEntry> entryBeside(Cgroup cgroup, String membership) {
        Optional<Path> directory =
                unified.isPresent() ? CgroupMembership.parse(membership).directoryIn(unified.get()) : Optional.empty();
        return directory.isPresent() ? cgroup.entry().beside(directory.get()) : Optional.empty();
    }

    /**
     * The cgroups that lead from a hierarchy's mount point to a cgroup in it, the mount point first, the cgroup last.
     *
     * @throws IllegalArgumentException if the directory is in no hierarchy of this host
     */
    List<Path> lineage(Path directory) {
        List<Path> lineage = new ArrayList<>();
        Path mountPoint = mountPointOf(directory);
        lineage.add(mountPoint);
        Path current = mountPoint;
        for (int index = mountPoint.getNameCount(); index < directory.getNameCount(); index++) {
            current = current.resolve(directory.getName(index));
            lineage.add(current);
        }
        return lineage;
    }

    /** What is mounted where a cgroup's path begins. */
    @Override
    public MountRoot of(Path directory) throws CgroupException {
        Path mountPoint = mountPointOf(directory);
        MountRoot known = roots.get(mountPoint);
        if (known == null) {
            known = MountRoot.at(mountPoint);
            roots.put(mountPoint, known);
        }
        return known;
    }

    /**
     * Where the hierarchy is mounted in which {@code directory} is or was.
     *
     * @param cgroup to which it belongs, which may be of other mount and cgroup namespaces
     */
    Optional<Path> mountPointOf(CgroupDirectories cgroup, Path directory) {
        if (cgroup.unified().equals(Optional.of(directory))) {
            return unifiedMountPoint();
        }
        for (Hierarchy.Legacy hierarchy : legacy) {
            if (directory.equals(cgroup.legacy().get(hierarchy.controllers()))) {
                return Optional.of(hierarchy.mountPoint());
            }
        }
        return Optional.empty();
    }

    private Path mountPointOf(Path directory) {
        List<Hierarchy> all = new ArrayList<>(legacy);
        if (unified.isPresent()) {
            all.add(unified.get());
        }
        Path innermost = null;
        for (Hierarchy hierarchy : all) {
            Path mountPoint = hierarchy.mountPoint();
            if (directory.startsWith(mountPoint) && (innermost == null || mountPoint.startsWith(innermost))) {
                innermost = mountPoint;
            }
        }
        if (innermost == null) {
            throw new IllegalArgumentException("no cgroup hierarchy is mounted above " + directory);
        }
        return innermost;
    }

    private static int compare(MountEntry first, MountEntry second) {
        int byRoot = Boolean.compare(!first.root().equals("/"), !second.root().equals("/"));
        return byRoot != 0
                ? byRoot
                : Integer.compare(
                        first.mountPoint().length(), second.mountPoint().length());
    }
}
