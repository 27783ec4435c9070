// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Where fields are in {@code struct statfs} of 64-bit architectures, and what its flags are; statfs(2).
 */
public final class Statfs {
    public static final int SIZE = 120;
    public static final int TYPE = 0;
    public static final int FLAGS = 80;

    /** {@code f_type} of the file system that namespaces are files of ({@code linux/magic.h}). */
    public static final long NSFS_MAGIC = 0x6e736673;

    public static final long ST_RELATIME = 0x1000;
    public static final long ST_NOSYMFOLLOW = 0x2000;

    /** The type of procfs ({@code linux/magic.h}). */
    public static final long PROC_SUPER_MAGIC = 0x9fa0;

    /** The type of sysfs ({@code linux/magic.h}). */
    public static final long SYSFS_MAGIC = 0x62656572;

    private Statfs() {}
}
