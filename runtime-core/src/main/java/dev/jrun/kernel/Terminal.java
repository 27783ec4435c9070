// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * Requests of ioctl_tty(2), which are the same on all machines that jrun runs on, and parts of {@code struct termios}
 * ({@code asm-generic/ioctls.h}, {@code asm-generic/termbits.h}).
 */
public final class Terminal {
    public static final long TCGETS = 0x5401;
    public static final long TCSETS = 0x5402;
    public static final long TIOCSCTTY = 0x540e;
    public static final long TIOCSWINSZ = 0x5414;
    public static final long TIOCGPTPEER = 0x5441;
    public static final long TIOCSPTLCK = 0x40045431;

    /** The kernel's {@code struct termios}, and where its {@code c_oflag} is. */
    public static final int TERMIOS_SIZE = 36;

    public static final int OUTPUT_FLAGS = 4;

    /** In {@link #OUTPUT_FLAGS}: a newline becomes a carriage return and a newline. */
    public static final long ONLCR = 4;

    private Terminal() {}
}
