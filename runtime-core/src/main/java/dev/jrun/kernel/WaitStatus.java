// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/**
 * How a process ended, as wait(2) says it.
 *
 * @param bits as {@code WIFEXITED} and its like take them
 */
public record WaitStatus(int bits) {

    /** The bits that are the number of the signal. */
    public static final int SIGNAL_MASK = 0x7f;

    /** How far the exit code has to be moved to the right. */
    public static final int EXIT_CODE_SHIFT = 8;

    /** What shells and runc exit with for a process that a signal ended, less the signal's number. */
    public static final int SIGNAL_BASE = 128;

    private static final int EXIT_CODE_MASK = 0xff;

    /** What a register of a launch program has of it. */
    public static WaitStatus of(long register) {
        return new WaitStatus((int) register);
    }

    /** The number of the signal that ended it; 0 if none did. */
    public int signal() {
        return bits & SIGNAL_MASK;
    }

    /** What shells and runc exit with for it: its own exit code, 0 to 255, or 128 + the signal. */
    public int exitCode() {
        return signal() == 0 ? bits >> EXIT_CODE_SHIFT & EXIT_CODE_MASK : SIGNAL_BASE + signal();
    }
}
