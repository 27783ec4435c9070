// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

/**
 * What is kept of a device in the image of a launch program: u32 each whether it was moved, its index in the container,
 * and its flags on the host; and u64 its identity.
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
