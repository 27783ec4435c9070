// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

/**
 * Writes numbers into zero-filled bytes, the lowest byte first. A {@code ByteBuffer} takes six calls for each, which
 * the engine's compiler does not inline: three times as long for a launch program.
 */
record LittleEndian(byte[] bytes) {

    void putByte(int at, int value) {
        bytes[at] = (byte) value;
    }

    void putShort(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
    }

    void putInt(int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        bytes[at + 2] = (byte) (value >> 16);
        bytes[at + 3] = (byte) (value >> 24);
    }

    void putLong(int at, long value) {
        putInt(at, (int) value);
        if (value >>> 32 != 0) {
            putInt(at + Integer.BYTES, (int) (value >> 32));
        }
    }
}
