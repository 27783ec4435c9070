// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Where fields are in {@code struct pollfd}, and its events; poll(2). */
public final class Poll {
    public static final int SIZE = 8;
    public static final int REVENTS = 6;

    public static final short POLLIN = 1;
    public static final short POLLPRI = 2;
    public static final short POLLOUT = 4;
    public static final short POLLERR = 8;
    public static final short POLLHUP = 16;
    public static final short POLLRDHUP = 0x2000;

    private Poll() {}
}
