// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

/**
 * malloc(3) of the C library, from which the JVM takes most of its own memory.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/malloc_trim.3.html">malloc_trim(3)</a>
 */
public final class Malloc {

    private Malloc() {}

    /** Gives pages that were freed but kept for later back to the kernel. */
    public static void trim() {
        DirectCall.mallocTrim();
    }
}
