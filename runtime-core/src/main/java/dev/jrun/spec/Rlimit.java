// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/**
 * A resource limit, getrlimit(2).
 *
 * @param soft uint64, unsigned; all bits set is {@code RLIM_INFINITY}
 * @param hard uint64, unsigned; all bits set is {@code RLIM_INFINITY}
 */
public record Rlimit(Type type, long soft, long hard) {
    /** The limits that Linux has. */
    public enum Type {
        RLIMIT_AS,
        RLIMIT_CORE,
        RLIMIT_CPU,
        RLIMIT_DATA,
        RLIMIT_FSIZE,
        RLIMIT_LOCKS,
        RLIMIT_MEMLOCK,
        RLIMIT_MSGQUEUE,
        RLIMIT_NICE,
        RLIMIT_NOFILE,
        RLIMIT_NPROC,
        RLIMIT_RSS,
        RLIMIT_RTPRIO,
        RLIMIT_RTTIME,
        RLIMIT_SIGPENDING,
        RLIMIT_STACK
    }
}
