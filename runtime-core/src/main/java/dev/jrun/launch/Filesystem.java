// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import dev.jrun.spec.MountFlag;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file system to be mounted.
 *
 * @param type as in filesystems(5)
 * @param source what mountinfo shows
 * @param superblock flags of the file system itself; "superblock flags" in mount(2)
 * @param flags flags of the mount
 * @param data options that are the file system's own
 */
record Filesystem(String type, String source, Set<MountFlag> superblock, Set<MountFlag> flags, List<String> data) {

    private static final Set<MountFlag> SUPERBLOCK_FLAGS = EnumSet.of(
            MountFlag.RDONLY, MountFlag.SYNCHRONOUS, MountFlag.DIRSYNC, MountFlag.MANDLOCK, MountFlag.LAZYTIME);

    Filesystem {
        data = List.copyOf(data);
    }

    /** One with a superblock that nothing else uses. */
    static Filesystem own(String type, String source, Set<MountFlag> flags, List<String> data) {
        Set<MountFlag> superblock = EnumSet.copyOf(SUPERBLOCK_FLAGS);
        superblock.retainAll(flags);
        return new Filesystem(type, source, superblock, flags, data);
    }

    /** One that shares its superblock with others: the superblock's flags are left alone. */
    static Filesystem shared(String type, String source, Set<MountFlag> flags, List<String> data) {
        return new Filesystem(type, source, Set.of(), flags, data);
    }
}
