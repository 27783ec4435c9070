// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Where fields are in {@code struct msghdr} of 64-bit architectures, sendmsg(2), and in a control message of it,
 * cmsg(3), of which there is one.
 */
public final class SocketMessage {
    public static final int SIZE = 56;
    public static final int PARTS = 16;
    public static final int PART_COUNT = 24;
    public static final int CONTROL = 32;
    public static final int CONTROL_LENGTH = 40;

    /** In a control message, whose length comes first. */
    public static final int CONTROL_LEVEL = 8;

    public static final int CONTROL_TYPE = 12;
    public static final int CONTROL_DATA = 16;

    /** CMSG_LEN and CMSG_SPACE of one descriptor: SCM_RIGHTS of unix(7). */
    public static final int RIGHTS_LENGTH = 20;

    public static final int RIGHTS_SPACE = 24;

    /** CMSG_LEN and CMSG_SPACE of {@code struct ucred}, a pid, a uid and a gid: SCM_CREDENTIALS of unix(7). */
    public static final int CREDENTIALS_LENGTH = 28;

    public static final int CREDENTIALS_SPACE = 32;

    private SocketMessage() {}
}
