// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.kernel.MountFlags;
import dev.jrun.spec.MountFlag;
import java.util.Set;

/** Flags as mount(2) takes them. */
final class ClassicMountFlags {

    private ClassicMountFlags() {}

    /** Those for these attributes of mount_setattr(2). */
    static long of(long attributes) {
        // The first four have the same numbers.
        long flags =
                attributes & (MountFlags.MS_RDONLY | MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC);
        if ((attributes & MountFlags.MOUNT_ATTR_NODIRATIME) != 0) {
            flags |= MountFlags.MS_NODIRATIME;
        }
        if ((attributes & MountFlags.MOUNT_ATTR_NOSYMFOLLOW) != 0) {
            flags |= MountFlags.MS_NOSYMFOLLOW;
        }
        long accessTimes = attributes & MountFlags.MOUNT_ATTR__ATIME;
        if (accessTimes == MountFlags.MOUNT_ATTR_NOATIME) {
            return flags | MountFlags.MS_NOATIME;
        }
        return accessTimes == MountFlags.MOUNT_ATTR_STRICTATIME ? flags | MountFlags.MS_STRICTATIME : flags;
    }

    /** Those for these flags of a superblock. */
    static long ofSuperblock(Set<MountFlag> superblock) {
        long flags = 0;
        for (MountFlag flag : superblock) {
            flags |= switch (flag) {
                case RDONLY -> MountFlags.MS_RDONLY;
                case SYNCHRONOUS -> MountFlags.MS_SYNCHRONOUS;
                case DIRSYNC -> MountFlags.MS_DIRSYNC;
                case MANDLOCK -> MountFlags.MS_MANDLOCK;
                case LAZYTIME -> MountFlags.MS_LAZYTIME;
                case I_VERSION -> MountFlags.MS_I_VERSION;
                case SILENT -> MountFlags.MS_SILENT;
                default -> throw new IllegalArgumentException(flag + " is not a flag of a superblock");
            };
        }
        return flags;
    }
}
