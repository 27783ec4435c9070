// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Execution domains of personality(2) ({@code linux/personality.h}). */
public final class Persona {
    public static final long PER_LINUX = 0;
    public static final long PER_LINUX32 = 8;

    private Persona() {}
}
