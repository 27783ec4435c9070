// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Flags of a mount, by the names of mount(2)'s {@code MS_} constants. */
public enum MountFlag {
    RDONLY,
    NOSUID,
    NODEV,
    NOEXEC,
    SYNCHRONOUS,
    REMOUNT,
    MANDLOCK,
    DIRSYNC,
    NOSYMFOLLOW,
    NOATIME,
    NODIRATIME,
    SILENT,
    I_VERSION,
    RELATIME,
    STRICTATIME,
    LAZYTIME;

    /** Those of a file system, wherever it is mounted; "superblock flags" in mount(2). */
    public static final Set<MountFlag> OF_FILE_SYSTEM = Collections.unmodifiableSet(
            EnumSet.of(RDONLY, SYNCHRONOUS, DIRSYNC, MANDLOCK, LAZYTIME, I_VERSION, SILENT));

    /** Whether it is a file system's and no mount's. */
    public boolean isOfFilesystemAlone() {
        return this != RDONLY && OF_FILE_SYSTEM.contains(this);
    }
}
