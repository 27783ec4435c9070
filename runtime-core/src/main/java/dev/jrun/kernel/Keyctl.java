// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

/** Operations of keyctl(2) ({@code linux/keyctl.h}). */
public final class Keyctl {
    public static final long KEYCTL_JOIN_SESSION_KEYRING = 1;
    public static final long KEYCTL_SETPERM = 5;

    private Keyctl() {}
}
