// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

/**
 * A device's record in the image of a launch program: three u32 for whether it was moved, its index in the container,
 * and its flags on the host; and its identity as a u64.
 */
final class DeviceState {

    static final int MOVED = 0;
    static final int INDEX = 4;
    static final int FLAGS = 8;
    static final int IDENTITY = 16;

    /** Bytes of one. */
    static final int SIZE = 24;

    private DeviceState() {}
}
