// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerVerifier;
import java.nio.channels.SocketChannel;

/** A connection whose maker is not known yet to be the engine's equal, or has not said yet what it wants. */
final class Handshake {

    private final SocketChannel channel;
    private final int pid;
    private final long since = System.nanoTime();

    /**
     * @param pid of the process that made the connection
     */
    Handshake(SocketChannel channel, int pid) {
        this.channel = channel;
        this.pid = pid;
    }

    SocketChannel channel() {
        return channel;
    }

    /** When the connection was accepted, as {@link System#nanoTime()} says it. */
    long since() {
        return since;
    }

    /** Whether an equal made the connection. */
    boolean isByAnEqual(PeerVerifier verifier) {
        return verifier.isEqual(channel, pid);
    }

    /** Whether the process did that a call names. */
    boolean isBy(int named) {
        return named == pid;
    }
}
