// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Modes and mode flags of set_mempolicy(2) ({@code linux/mempolicy.h}). */
public final class Mempolicy {
    public static final long MPOL_DEFAULT = 0;
    public static final long MPOL_PREFERRED = 1;
    public static final long MPOL_BIND = 2;
    public static final long MPOL_INTERLEAVE = 3;
    public static final long MPOL_LOCAL = 4;
    /** Linux 5.15. */
    public static final long MPOL_PREFERRED_MANY = 5;
    /** Linux 6.9. */
    public static final long MPOL_WEIGHTED_INTERLEAVE = 6;

    /** Linux 5.12. */
    public static final long MPOL_F_NUMA_BALANCING = 1 << 13;

    public static final long MPOL_F_RELATIVE_NODES = 1 << 14;
    public static final long MPOL_F_STATIC_NODES = 1 << 15;

    private Mempolicy() {}
}
