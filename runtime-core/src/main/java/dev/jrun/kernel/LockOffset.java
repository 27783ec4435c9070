// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Which byte of a lock file stands for a name, if one file serves many: record locks, fcntl_locking(2), are on ranges.
 * Two names that share a byte exclude each other, which is harmless and rare.
 */
public final class LockOffset {

    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private LockOffset() {}

    /** FNV-1a, 62 bits of it: offsets of locks are positive. */
    public static long of(String name) {
        long hash = OFFSET_BASIS;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * PRIME;
        }
        return hash >>> 2;
    }
}
