// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Numbers of socket(2), unix(7) and netdevice(7) ({@code linux/socket.h}, {@code linux/sockios.h}). */
public final class SocketFlags {
    public static final long AF_UNIX = 1;
    public static final long AF_INET = 2;
    public static final long AF_NETLINK = 16;
    public static final long SOCK_STREAM = 1;
    public static final long SOCK_DGRAM = 2;
    public static final long SOCK_RAW = 3;
    public static final long SOCK_CLOEXEC = 02000000;
    public static final long SOL_SOCKET = 1;
    public static final long SCM_RIGHTS = 1;
    public static final long SCM_CREDENTIALS = 2;
    public static final long SO_PASSCRED = 16;
    public static final long SO_RCVTIMEO = 20;
    public static final long SO_SNDTIMEO = 21;
    public static final long SHUT_RDWR = 2;
    public static final long MSG_PEEK = 2;
    public static final long MSG_DONTWAIT = 0x40;
    public static final long MSG_WAITALL = 0x100;
    public static final long MSG_NOSIGNAL = 0x4000;
    public static final long MSG_CMSG_CLOEXEC = 0x40000000;
    public static final long SIOCGIFNAME = 0x8910;
    public static final long SIOCGIFFLAGS = 0x8913;
    public static final long SIOCSIFFLAGS = 0x8914;
    public static final long IFF_UP = 1;

    /** Bytes of a {@code struct ifreq} of netdevice(7): a name, and behind it what it is about. */
    public static final int IFREQ_SIZE = 40;

    private SocketFlags() {}
}
