// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** File types and modes as {@code st_mode} has them, see inode(7). */
public final class FileMode {
    public static final long S_IFMT = 0170000;
    public static final long S_IFIFO = 0010000;
    public static final long S_IFCHR = 0020000;
    public static final long S_IFDIR = 0040000;
    public static final long S_IFBLK = 0060000;
    public static final long S_IFREG = 0100000;
    public static final long S_IFLNK = 0120000;
    public static final long S_IFSOCK = 0140000;

    private FileMode() {}
}
