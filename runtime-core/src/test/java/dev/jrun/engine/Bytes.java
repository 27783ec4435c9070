// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts payloads together as a shim does. */
final class Bytes {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Bytes number(int number) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
        return this;
    }

    Bytes number(long number) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array());
        return this;
    }

    Bytes string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return number(bytes.length).bytes(bytes);
    }

    Bytes bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** All of this as a frame. */
    byte[] frame(int type) {
        byte[] payload = array();
        return new Bytes().number(type).number(payload.length).bytes(payload).array();
    }

    byte[] array() {
        return out.toByteArray();
    }

    /** A call of {@code jrun state x} from {@code pid}. */
    static Bytes call(int pid, String build) {
        return new Bytes()
                .number(Call.FORMAT_VERSION)
                .number(pid)
                .number(022)
                .number(0b110)
                .number(24)
                .number(80)
                .string("/opt/jrun")
                .string(build)
                .string("/tmp/bündel")
                .number(2)
                .string("state")
                .string("x")
                .number(3)
                .string("A=1")
                .string("A=2")
                .string("B=b=c");
    }
}
