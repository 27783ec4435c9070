// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/**
 * A program has more of something than a shim accepts. The message says of what, and how much is allowed. It is thrown
 * as soon as the limit is exceeded, because a program that grew further might not fit into memory.
 */
public final class ProgramTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private ProgramTooLargeException(int number, String of, int allowed) {
        super(number + " or more " + of + "; allowed: " + allowed);
    }

    /** Checks what a program has come to. */
    static void check(int number, String of, int allowed) {
        if (number > allowed) {
            throw new ProgramTooLargeException(number, of, allowed);
        }
    }
}
