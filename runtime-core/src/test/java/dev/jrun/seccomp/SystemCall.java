// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a filter sees: {@code struct seccomp_data}. */
record SystemCall(Abi abi, int number, long... arguments) {

    /** In the byte order of the ABI. */
    ByteBuffer data() {
        ByteBuffer data = ByteBuffer.allocate(64)
                .order(abi.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN)
                .putInt(number)
                .putInt(abi.auditArch())
                .putLong(0x7f00_dead_beefL);
        for (long argument : arguments) {
            data.putLong(argument);
        }
        return data;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(abi + " " + Integer.toUnsignedString(number));
        for (long argument : arguments) {
            text.append(" 0x").append(Long.toHexString(argument));
        }
        return text.toString();
    }
}
