// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/** A program has more than a shim takes. The message says of what, and how much is allowed. */
public final class ProgramTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ProgramTooLargeException(int number, String of, int allowed) {
        super(number + " " + of + "; allowed: " + allowed);
    }
}
