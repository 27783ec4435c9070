// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes of the kernel's structures, in the byte order of the machines that jrun runs on. */
public final class Struct {

    private Struct() {}

    /** {@code u64} fields one after the other. */
    public static byte[] ofLongs(long... fields) {
        ByteBuffer buffer = ByteBuffer.allocate(fields.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long field : fields) {
            buffer.putLong(field);
        }
        return buffer.array();
    }

    /** {@code u32} fields one after the other. */
    public static byte[] ofInts(int... fields) {
        ByteBuffer buffer = ByteBuffer.allocate(fields.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int field : fields) {
            buffer.putInt(field);
        }
        return buffer.array();
    }
}
