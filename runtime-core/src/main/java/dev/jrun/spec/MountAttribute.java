// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/** Attributes of a mount, by the names of mount_setattr(2)'s {@code MOUNT_ATTR_} constants. */
public enum MountAttribute {
    RDONLY,
    NOSUID,
    NODEV,
    NOEXEC,
    NODIRATIME,
    RELATIME,
    NOATIME,
    STRICTATIME,
    NOSYMFOLLOW
}
