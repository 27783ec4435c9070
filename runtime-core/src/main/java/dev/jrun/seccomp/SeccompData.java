// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

/** Offsets in {@code struct seccomp_data}, which is what a filter sees of a system call: seccomp(2). */
final class SeccompData {
    static final int NUMBER = 0;
    static final int ARCHITECTURE = 4;

    private static final int ARGUMENTS = 16;

    private SeccompData() {}

    static int lowerWord(Abi abi, int argument) {
        return ARGUMENTS + argument * Long.BYTES + (abi.isLittleEndian() ? 0 : Integer.BYTES);
    }

    static int upperWord(Abi abi, int argument) {
        return ARGUMENTS + argument * Long.BYTES + (abi.isLittleEndian() ? Integer.BYTES : 0);
    }
}
