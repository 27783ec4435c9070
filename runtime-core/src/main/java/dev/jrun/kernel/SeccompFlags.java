// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Flags of seccomp(2) with SECCOMP_SET_MODE_FILTER.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/seccomp.2.html">seccomp(2)</a>
 */
public final class SeccompFlags {
    /** The operation that they belong to. */
    public static final int SECCOMP_SET_MODE_FILTER = 1;

    public static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
    public static final int SECCOMP_FILTER_FLAG_LOG = 1 << 1;
    /** Leave speculative store bypass as it is. */
    public static final int SECCOMP_FILTER_FLAG_SPEC_ALLOW = 1 << 2;
    /** Return a descriptor that gets the notifications. */
    public static final int SECCOMP_FILTER_FLAG_NEW_LISTENER = 1 << 3;
    /** Report a failing TSYNC as ESRCH, without which TSYNC and NEW_LISTENER exclude each other. Since Linux 5.7. */
    public static final int SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 1 << 4;
    /**
     * A notifying thread ignores all but fatal signals once the listener has read its notification. Since Linux 5.19.
     */
    public static final int SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 1 << 5;

    private SeccompFlags() {}
}
