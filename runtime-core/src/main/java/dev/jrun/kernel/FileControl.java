// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Commands of fcntl(2), seals of memfd_create(2) and flags of close_range(2) ({@code linux/fcntl.h},
 * {@code linux/memfd.h}).
 */
public final class FileControl {
    public static final long F_SETFD = 2;
    public static final long FD_CLOEXEC = 1;
    public static final long F_GETFL = 3;
    public static final long F_SETFL = 4;
    public static final long F_SETLK = 6;
    public static final long F_WRLCK = 1;
    public static final long F_OFD_SETLK = 37;
    public static final long F_DUPFD_CLOEXEC = 1030;
    public static final long F_ADD_SEALS = 1033;
    public static final long F_GET_SEALS = 1034;
    public static final long F_SEAL_SEAL = 1;
    public static final long F_SEAL_SHRINK = 2;
    public static final long F_SEAL_GROW = 4;
    public static final long F_SEAL_WRITE = 8;
    public static final long MFD_CLOEXEC = 1;
    public static final long MFD_ALLOW_SEALING = 2;
    public static final long MFD_NOEXEC_SEAL = 8;
    public static final long MFD_EXEC = 16;
    public static final long CLOSE_RANGE_CLOEXEC = 4;

    private FileControl() {}
}
