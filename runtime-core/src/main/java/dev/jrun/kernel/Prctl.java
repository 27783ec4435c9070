// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Operations of prctl(2) ({@code linux/prctl.h}). */
public final class Prctl {
    public static final long PR_SET_PDEATHSIG = 1;
    public static final long PR_SET_DUMPABLE = 4;
    public static final long PR_SET_KEEPCAPS = 8;
    public static final long PR_SET_NAME = 15;
    public static final long PR_GET_NAME = 16;
    public static final long PR_CAPBSET_DROP = 24;
    public static final long PR_SET_CHILD_SUBREAPER = 36;
    public static final long PR_SET_NO_NEW_PRIVS = 38;
    public static final long PR_CAP_AMBIENT = 47;
    public static final long PR_CAP_AMBIENT_RAISE = 2;
    public static final long PR_CAP_AMBIENT_CLEAR_ALL = 4;

    private Prctl() {}
}
