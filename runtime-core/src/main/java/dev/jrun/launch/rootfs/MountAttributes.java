// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.rootfs;

import dev.jrun.kernel.MountFlags;
import dev.jrun.spec.MountAttribute;
import dev.jrun.spec.MountFlag;
import dev.jrun.spec.MountOptions;
import dev.jrun.spec.Propagation;
import java.util.Set;

/**
 * Attributes of a mount as mount_setattr(2) takes them.
 *
 * @param set {@code attr_set}
 * @param cleared {@code attr_clr}
 */
record MountAttributes(long set, long cleared) {

    static final MountAttributes READ_ONLY = new MountAttributes(MountFlags.MOUNT_ATTR_RDONLY, 0);

    /** What fsmount(2) is told. Access times are relative unless something else is asked for, as with mount(2). */
    static long ofNewMount(Set<MountFlag> flags) {
        long attributes = plain(flags);
        if (flags.contains(MountFlag.STRICTATIME)) {
            return attributes | MountFlags.MOUNT_ATTR_STRICTATIME;
        }
        return flags.contains(MountFlag.NOATIME) ? attributes | MountFlags.MOUNT_ATTR_NOATIME : attributes;
    }

    /**
     * What to change on a copy of a mount: only what is asked for, so that what the source's mount forbids stays
     * forbidden.
     */
    static MountAttributes ofBind(MountOptions options) {
        long set = plain(options.set());
        long cleared = plain(options.cleared());
        boolean accessTimes = options.set().contains(MountFlag.STRICTATIME)
                || options.set().contains(MountFlag.NOATIME)
                || options.set().contains(MountFlag.RELATIME)
                || options.cleared().contains(MountFlag.NOATIME)
                || options.cleared().contains(MountFlag.STRICTATIME);
        if (accessTimes) {
            cleared |= MountFlags.MOUNT_ATTR__ATIME;
            set |= ofNewMount(options.set()) & MountFlags.MOUNT_ATTR__ATIME;
        }
        return new MountAttributes(set, cleared);
    }

    /** What to change on a mount and all below it. */
    static MountAttributes recursive(MountOptions options) {
        long set = attributes(options.recursiveSet());
        long cleared = attributes(options.recursiveCleared());
        if (concernsAccessTimes(options.recursiveSet()) || concernsAccessTimes(options.recursiveCleared())) {
            // One value in several bits: what is not set anew is relative.
            cleared |= MountFlags.MOUNT_ATTR__ATIME;
        }
        return new MountAttributes(set, cleared);
    }

    private static boolean concernsAccessTimes(Set<MountAttribute> attributes) {
        return attributes.contains(MountAttribute.RELATIME)
                || attributes.contains(MountAttribute.NOATIME)
                || attributes.contains(MountAttribute.STRICTATIME);
    }

    private static long attributes(Set<MountAttribute> attributes) {
        long bits = 0;
        for (MountAttribute attribute : attributes) {
            bits |= bits(attribute);
        }
        return bits;
    }

    static long bits(MountAttribute attribute) {
        return switch (attribute) {
            case RDONLY -> MountFlags.MOUNT_ATTR_RDONLY;
            case NOSUID -> MountFlags.MOUNT_ATTR_NOSUID;
            case NODEV -> MountFlags.MOUNT_ATTR_NODEV;
            case NOEXEC -> MountFlags.MOUNT_ATTR_NOEXEC;
            case NODIRATIME -> MountFlags.MOUNT_ATTR_NODIRATIME;
            case RELATIME -> MountFlags.MOUNT_ATTR_RELATIME;
            case NOATIME -> MountFlags.MOUNT_ATTR_NOATIME;
            case STRICTATIME -> MountFlags.MOUNT_ATTR_STRICTATIME;
            case NOSYMFOLLOW -> MountFlags.MOUNT_ATTR_NOSYMFOLLOW;
        };
    }

    private static long plain(Set<MountFlag> flags) {
        long attributes = 0;
        for (MountFlag flag : flags) {
            attributes |= plain(flag);
        }
        return attributes;
    }

    /** The bit of a flag that is one bit; 0 for others, access times among them. */
    static long plain(MountFlag flag) {
        return switch (flag) {
            case RDONLY -> MountFlags.MOUNT_ATTR_RDONLY;
            case NOSUID -> MountFlags.MOUNT_ATTR_NOSUID;
            case NODEV -> MountFlags.MOUNT_ATTR_NODEV;
            case NOEXEC -> MountFlags.MOUNT_ATTR_NOEXEC;
            case NODIRATIME -> MountFlags.MOUNT_ATTR_NODIRATIME;
            case NOSYMFOLLOW -> MountFlags.MOUNT_ATTR_NOSYMFOLLOW;
            // A value in several bits, not one.
            case NOATIME, RELATIME, STRICTATIME -> 0;
            case SYNCHRONOUS, MANDLOCK, DIRSYNC, SILENT, I_VERSION, LAZYTIME -> 0; // the file system's
            case REMOUNT -> 0; // no attribute, but what to do
        };
    }

    /** The flag of mount(2) and mount_setattr(2) for a kind of propagation, without its depth. */
    static long propagation(Propagation propagation) {
        return switch (propagation) {
            case PRIVATE, RPRIVATE -> MountFlags.MS_PRIVATE;
            case SLAVE, RSLAVE -> MountFlags.MS_SLAVE;
            case SHARED, RSHARED -> MountFlags.MS_SHARED;
            case UNBINDABLE, RUNBINDABLE -> MountFlags.MS_UNBINDABLE;
        };
    }
}
