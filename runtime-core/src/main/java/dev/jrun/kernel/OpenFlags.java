// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Flags of openat(2), openat2(2) and the other calls that take a directory and a path ({@code asm-generic/fcntl.h},
 * {@code linux/openat2.h}).
 */
public final class OpenFlags {
    public static final long O_RDONLY = 0;
    public static final long O_WRONLY = 1;
    public static final long O_RDWR = 2;
    public static final long O_ACCMODE = 3;
    public static final long O_CREAT = 0100;
    public static final long O_EXCL = 0200;
    public static final long O_NOCTTY = 0400;
    public static final long O_APPEND = 02000;
    public static final long O_NONBLOCK = 04000;
    public static final long O_CLOEXEC = 02000000;
    public static final long O_PATH = 010000000;
    public static final long AT_FDCWD = -100;
    public static final long AT_SYMLINK_NOFOLLOW = 0x100;
    public static final long AT_EACCESS = 0x200;
    public static final long AT_REMOVEDIR = 0x200;
    public static final long AT_EMPTY_PATH = 0x1000;
    public static final long AT_RECURSIVE = 0x8000;
    public static final long RESOLVE_NO_XDEV = 1;
    public static final long RESOLVE_NO_MAGICLINKS = 2;
    public static final long RESOLVE_NO_SYMLINKS = 4;
    public static final long RESOLVE_BENEATH = 8;
    public static final long RESOLVE_IN_ROOT = 16;
    public static final long X_OK = 1;

    /** Bytes of a {@code struct open_how}. */
    public static final int OPEN_HOW_SIZE = 24;

    /** The most bytes of a path, with the null byte that ends it ({@code linux/limits.h}). */
    public static final int PATH_MAX = 4096;

    /** O_DIRECTORY has another number on arm. */
    public static long directory(Machine machine) {
        return switch (machine) {
            case X86_64 -> 0200000;
            case AARCH64 -> 040000;
        };
    }

    /** O_NOFOLLOW has another number on arm. */
    public static long noFollow(Machine machine) {
        return switch (machine) {
            case X86_64 -> 0400000;
            case AARCH64 -> 0100000;
        };
    }

    private OpenFlags() {}
}
