// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.program.SessionBrokenException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/** Reads and writes frames: a type, a length, and that many bytes ({@code docs/launch-programs.md}). */
final class Frames implements Closeable {

    static final int CALL = 1;
    static final int READY = 2;
    static final int YIELDED = 3;
    static final int FAILED = 4;
    static final int FINISHED = 5;
    static final int PROGRAM = 16;
    static final int GO = 17;
    static final int REFUSED = 18;
    static final int STAYS = 19;

    /** What a frame may hold at most, bytes. */
    static final int MAX_LENGTH = 64 << 20;

    private static final int HEADER = 2 * Integer.BYTES;
    private static final int BUFFER = 8 << 10;

    /** A payload is not trusted to be as long as its header says before this many bytes have come. */
    private static final int TRUSTED = 1 << 20;

    /** A frame that came in. */
    record Frame(int type, byte[] payload) {}

    private final Wire wire;
    private final LargeFramePermit permit;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private boolean hasPermit;

    /** @param permit what a connection shares with the others of its engine */
    Frames(Wire wire, LargeFramePermit permit) {
        this.wire = wire;
        this.permit = permit;
    }

    /** The only connection of its JVM. */
    static Frames alone(Wire wire) {
        return new Frames(wire, new SingleLargeFrame(Duration.ZERO));
    }

    /**
     * Waits for a frame.
     *
     * @param most the bytes that its payload may have
     * @throws SessionBrokenException if the peer is gone, or the frame is larger, or there is no permit for it
     */
    Frame read(int most) throws SessionBrokenException {
        try {
            int type = readInt();
            int length = readInt();
            if (length < 0 || length > most) {
                throw new SessionBrokenException(
                        "a frame of type " + type + " with " + Integer.toUnsignedString(length) + " bytes");
            }
            acquirePermit(length);
            return new Frame(type, readBytes(length));
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            throw new SessionBrokenException("cannot read from the shim: " + e.getMessage(), e);
        }
    }

    /**
     * Makes sure that there is still somebody at the other end.
     *
     * @throws SessionBrokenException if there is not
     */
    void checkIsOpen() throws SessionBrokenException {
        try {
            if (wire.isClosedByPeer()) {
                throw new SessionBrokenException("the shim has closed the connection");
            }
        } catch (SessionBrokenException e) {
            throw e;
        } catch (IOException e) {
            throw new SessionBrokenException("cannot find out whether the shim is there: " + e.getMessage(), e);
        }
    }

    private void acquirePermit(int length) throws SessionBrokenException {
        if (length > SingleLargeFrame.SMALL && !hasPermit) {
            hasPermit = permit.acquire();
            if (!hasPermit) {
                throw new SessionBrokenException("other calls with large documents take the engine's memory");
            }
        }
    }

    private int readInt() throws IOException {
        while (limit - position < Integer.BYTES) {
            if (position > 0) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                limit -= position;
                position = 0;
            }
            limit += receive(buffer, limit, buffer.length - limit);
        }
        int value = (buffer[position] & 0xff)
                | (buffer[position + 1] & 0xff) << 8
                | (buffer[position + 2] & 0xff) << 16
                | (buffer[position + 3] & 0xff) << 24;
        position += Integer.BYTES;
        return value;
    }

    private byte[] readBytes(int length) throws IOException {
        byte[] bytes = new byte[Math.min(length, TRUSTED)];
        int have = Math.min(limit - position, length);
        System.arraycopy(buffer, position, bytes, 0, have);
        position += have;
        while (have < length) {
            if (have == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(length, 2 * have));
            }
            have += receive(bytes, have, bytes.length - have);
        }
        return bytes;
    }

    private int receive(byte[] into, int offset, int length) throws IOException {
        int count = wire.read(into, offset, length);
        if (count <= 0) {
            throw new SessionBrokenException("the shim has closed the connection");
        }
        return count;
    }

    /** Sends a frame: at once, but for one that would be long to copy. */
    void write(int type, byte[] payload) throws SessionBrokenException {
        int together = payload.length <= TRUSTED ? payload.length : 0;
        byte[] frame = ByteBuffer.allocate(HEADER + together)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(payload.length)
                .put(payload, 0, together)
                .array();
        try {
            wire.write(frame, 0, frame.length);
            wire.write(payload, together, payload.length - together);
        } catch (IOException e) {
            throw new SessionBrokenException("cannot write to the shim: " + e.getMessage(), e);
        }
    }

    /** Leaves to others what the large frames that came took, which are not needed any more. */
    void giveRoomBack() {
        if (hasPermit) {
            hasPermit = false;
            permit.release();
        }
    }

    @Override
    public void close() throws IOException {
        giveRoomBack();
        wire.close();
    }
}
