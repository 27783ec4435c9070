// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.spec.Linux;
import dev.jrun.spec.Mount;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Namespace;
import java.util.Set;

/**
 * Which file systems nobody else has mounted, so that they can be changed as a whole ({@code remount}). A bind mount is
 * the host's, and for many types the kernel mounts the same file system again: a disk, devtmpfs, those that belong to a
 * namespace.
 */
final class OwnSuperblocks {

    /** Each mount of these has a superblock of its own. */
    private static final Set<String> ALWAYS_NEW =
            Set.of("tmpfs", "ramfs", "hugetlbfs", "overlay", "devpts", "proc", "bpf");

    private final Linux linux;

    OwnSuperblocks(Linux linux) {
        this.linux = linux;
    }

    /** Whether that of {@code mount}, which was made for this container, is its own. */
    boolean haveThatOf(Mount mount) {
        if (mount.options().bind() != MountOptions.Bind.NO) {
            return false;
        }
        String type = mount.type().orElse("");
        return ALWAYS_NEW.contains(type)
                || type.equals("mqueue") && linux.makes(Namespace.Type.IPC)
                || type.equals("sysfs") && linux.makes(Namespace.Type.NETWORK);
    }
}
