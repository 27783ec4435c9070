// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Where fields are in {@code struct linux_dirent64}, getdents64(2). */
public final class Dirent {
    /** Of the entry, in bytes; an {@code unsigned short}. */
    public static final int LENGTH = 16;

    /** Ends with a NUL. */
    public static final int NAME = 19;

    private Dirent() {}
}
