// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Which processes waitid(2) waits for, and how. */
public final class WaitFlags {

    /** A child with this pid. */
    public static final long P_ALL = 0;

    public static final long P_PID = 1;

    /** Only looks. */
    public static final long WNOHANG = 1;

    /** For one that has ended. */
    public static final long WEXITED = 4;

    /** Leaves it to be waited for. */
    public static final long WNOWAIT = 0x0100_0000;

    /** Also a child whose end is told by another signal than SIGCHLD. */
    public static final long WALL = 0x4000_0000;

    private WaitFlags() {}
}
