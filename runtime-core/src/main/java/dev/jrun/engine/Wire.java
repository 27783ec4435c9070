// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.io.Closeable;
import java.io.IOException;

/** A connected stream socket. For use by one thread at a time; {@link #close()} may come from any. */
interface Wire extends Closeable {

    /**
     * Waits for bytes.
     *
     * @return how many were read, at least 1; −1 if the peer has closed its end
     */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Whether the peer has closed its end, whatever it sent before. */
    boolean isClosedByPeer() throws IOException;

    /** Writes all of the bytes. */
    void write(byte[] from, int offset, int length) throws IOException;
}
