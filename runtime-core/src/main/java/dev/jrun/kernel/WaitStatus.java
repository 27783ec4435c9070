// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * How a process ended, as wait(2) says it.
 *
 * @param bits as {@code WIFEXITED} and its like take them
 */
public record WaitStatus(int bits) {

    /** What a register of a launch program has of it. */
    public static WaitStatus of(long register) {
        return new WaitStatus((int) register);
    }

    /** The number of the signal that ended it; 0 if none did. */
    public int signal() {
        return bits & 0x7f;
    }

    /** What shells and runc exit with for it: its own exit code, 0 to 255, or 128 + the signal. */
    public int exitCode() {
        return signal() == 0 ? bits >> 8 & 0xff : 128 + signal();
    }
}
