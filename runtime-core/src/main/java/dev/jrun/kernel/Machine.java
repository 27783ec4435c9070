// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * A processor architecture that jrun runs on, named as {@code uname -m} names it. Whatever depends on it switches over
 * these constants, so that the compiler finds what a new one is missing in.
 */
public enum Machine {
    X86_64,
    AARCH64;

    /**
     * The machine that this JVM runs on.
     *
     * @throws UnsupportedOperationException on an architecture that jrun does not know
     */
    public static Machine host() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new UnsupportedOperationException("jrun does not know the architecture " + name);
        };
    }
}
