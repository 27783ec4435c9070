// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

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
    LAZYTIME
}
