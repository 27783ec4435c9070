// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Where fields are in {@code struct statfs} of 64-bit architectures, and what its flags are; statfs(2). */
public final class Statfs {
    public static final int SIZE = 120;
    public static final int TYPE = 0;
    public static final int FLAGS = 80;

    /** {@code f_type} of the file system that namespaces are files of ({@code linux/magic.h}). */
    public static final long NSFS_MAGIC = 0x6e736673;

    /** The type of that which pidfds are files of, since Linux 6.9 ({@code linux/magic.h}). */
    public static final long PID_FS_MAGIC = 0x50494446;

    public static final long ST_NOSUID = 2;
    public static final long ST_NODEV = 4;
    public static final long ST_NOEXEC = 8;
    public static final long ST_RELATIME = 0x1000;
    public static final long ST_NOSYMFOLLOW = 0x2000;

    /** The type of devpts ({@code linux/magic.h}). */
    public static final long DEVPTS_SUPER_MAGIC = 0x1cd1;

    /** The type of procfs ({@code linux/magic.h}). */
    public static final long PROC_SUPER_MAGIC = 0x9fa0;

    /** The type of sysfs ({@code linux/magic.h}). */
    public static final long SYSFS_MAGIC = 0x62656572;

    /** The types of further file systems in which the kernel makes up what is read ({@code linux/magic.h}). */
    public static final long DEBUGFS_MAGIC = 0x64626720;

    public static final long TRACEFS_MAGIC = 0x74726163;
    public static final long SECURITYFS_MAGIC = 0x73636673;
    public static final long CONFIGFS_MAGIC = 0x62656570;
    public static final long BPF_FS_MAGIC = 0xcafe4a11L;
    public static final long EFIVARFS_MAGIC = 0xde5e81e4L;
    public static final long CGROUP_SUPER_MAGIC = 0x27e0eb;
    public static final long CGROUP2_SUPER_MAGIC = 0x63677270;

    private static final long[] MADE_UP_BY_THE_KERNEL = {
        PROC_SUPER_MAGIC,
        SYSFS_MAGIC,
        DEBUGFS_MAGIC,
        TRACEFS_MAGIC,
        SECURITYFS_MAGIC,
        CONFIGFS_MAGIC,
        BPF_FS_MAGIC,
        EFIVARFS_MAGIC,
        CGROUP_SUPER_MAGIC,
        CGROUP2_SUPER_MAGIC,
    };

    /**
     * The types of file systems that store nothing: what is read there the kernel makes up, and what is written it
     * takes for orders.
     */
    public static long[] madeUpByTheKernel() {
        return MADE_UP_BY_THE_KERNEL.clone();
    }

    private Statfs() {}
}
