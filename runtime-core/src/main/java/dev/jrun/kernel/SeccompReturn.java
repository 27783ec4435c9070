// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * What a seccomp filter returns: what happens to the system call, and 16 bits of data in the lower half.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/seccomp.2.html">seccomp(2)</a>
 */
public final class SeccompReturn {
    public static final int SECCOMP_RET_KILL_PROCESS = 0x8000_0000;
    public static final int SECCOMP_RET_KILL_THREAD = 0;
    public static final int SECCOMP_RET_TRAP = 0x0003_0000;
    /** The data is the error number, which the kernel limits to 4095. */
    public static final int SECCOMP_RET_ERRNO = 0x0005_0000;

    public static final int SECCOMP_RET_USER_NOTIF = 0x7fc0_0000;
    /** The data is for the tracer. */
    public static final int SECCOMP_RET_TRACE = 0x7ff0_0000;

    public static final int SECCOMP_RET_LOG = 0x7ffc_0000;
    public static final int SECCOMP_RET_ALLOW = 0x7fff_0000;

    private SeccompReturn() {}
}
