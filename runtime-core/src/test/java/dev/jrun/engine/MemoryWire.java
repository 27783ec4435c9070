// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;

/** A wire whose other end has said all that it will say. */
final class MemoryWire implements Wire {

    private final ByteArrayInputStream in;
    private final int atOnce;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** @param atOnce the most bytes that one read gives */
    MemoryWire(byte[] in, int atOnce) {
        this.in = new ByteArrayInputStream(in);
        this.atOnce = atOnce;
    }

    MemoryWire(byte[] in) {
        this(in, Integer.MAX_VALUE);
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        return in.read(into, offset, Math.min(length, atOnce));
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        out.write(from, offset, length);
    }

    @Override
    public boolean isClosedByPeer() {
        return true;
    }

    @Override
    public void close() {}

    byte[] written() {
        return out.toByteArray();
    }
}
