// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.NamespaceFile;
import dev.jrun.kernel.call.OpenDirectory;
import dev.jrun.kernel.call.ProcessStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks for cgroups by their numbers, in the whole tree of a hierarchy, not only in the part that this process sees. A
 * missing number proves that the cgroup was removed, in whatever namespace, since kernfs never reuses a number.
 *
 * <p>Whoever has CAP_DAC_READ_SEARCH in the initial user namespace may look everywhere. For others, newer kernels may
 * deny access to foreign cgroups with the error for a missing one, so they do not look.
 */
final class CgroupSearch {

    /** That of the tree's root, {@code linux/kernfs.h}. */
    private static final long KERNFS_ROOT_INO = 1;

    private final CgroupHost host;
    private final boolean looksEverywhere;

    private CgroupSearch(CgroupHost host, boolean looksEverywhere) {
        this.host = host;
        this.looksEverywhere = looksEverywhere;
    }

    /** By this process, in the hierarchies that are mounted for it. */
    static CgroupSearch ofThisProcess() throws CgroupException {
        try {
            return new CgroupSearch(CgroupHost.ofThisProcess(), looksEverywhere());
        } catch (IOException error) {
            throw new CgroupException("cannot find out this process's rights: " + Failures.reason(error), error);
        }
    }

    private static boolean looksEverywhere() throws IOException {
        return ProcessStatus.own().has(Capability.CAP_DAC_READ_SEARCH, "CapEff")
                && NamespaceFile.isInitialUser(Path.of("/proc/self/ns/user"));
    }

    /**
     * Whether it is proven that one of the directories of {@code cgroup} was removed. A v1 controller stays in its
     * hierarchy as long as there is a cgroup in that, so a hierarchy is known by its controllers.
     */
    boolean provesGone(CgroupDirectories cgroup, Path directory, long number) {
        Optional<Path> mountPoint = host.mountPointOf(cgroup, directory);
        if (!looksEverywhere || mountPoint.isEmpty()) {
            return false;
        }
        try (OpenDirectory mount = OpenDirectory.at(mountPoint.get())) {
            return mount.isOnKernfsWith(KERNFS_ROOT_INO) && !mount.isOnKernfsWith(number);
        } catch (LinuxException unknown) {
            return false;
        }
    }
}
