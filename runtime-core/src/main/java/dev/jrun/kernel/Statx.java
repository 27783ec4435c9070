// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Where fields are in {@code struct statx}, the same on every architecture, see statx(2). */
public final class Statx {
    public static final int SIZE = 256;
    public static final int MASK = 0;
    public static final int ATTRIBUTES = 8;
    public static final int NLINK = 16;
    public static final int UID = 20;
    public static final int GID = 24;
    public static final int MODE = 28;
    public static final int INO = 32;
    public static final int LENGTH = 40;
    public static final int ATIME = 64;
    public static final int MTIME = 112;
    public static final int RDEV_MAJOR = 128;
    public static final int RDEV_MINOR = 132;

    /** The device that the file is on: {@code stx_dev_major} and {@code stx_dev_minor}, eight bytes. */
    public static final int DEV = 136;

    /** Since Linux 5.8. */
    public static final int MNT_ID = 144;

    public static final long STATX_INO = 0x100;
    public static final long STATX_MNT_ID = 0x1000;

    /** The mask of fields that every file system has. */
    public static final long STATX_BASIC_STATS = 0x7ff;

    /** An attribute: the file is what is mounted at its path. Since Linux 5.8. */
    public static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

    private Statx() {}
}
