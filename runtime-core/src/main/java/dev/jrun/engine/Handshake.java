// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerVerifier;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** A connection whose maker is not known yet to be the engine's equal, or has not said yet what it wants. */
final class Handshake {

    private final SocketChannel channel;
    private final int descriptor;
    private final int pid;
    private final long since = System.nanoTime();

    /**
     * @param descriptor of the channel
     * @param pid of the process that made the connection
     */
    Handshake(SocketChannel channel, int descriptor, int pid) {
        this.channel = channel;
        this.descriptor = descriptor;
        this.pid = pid;
    }

    ChannelWire wire() {
        return new ChannelWire(channel, descriptor);
    }

    /** Ends what is waited for, whoever waits. */
    void drop() {
        try {
            channel.shutdownInput().shutdownOutput();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    /** When the connection was accepted, as {@link System#nanoTime()} says it. */
    long since() {
        return since;
    }

    /** Whether an equal made the connection. */
    boolean isByAnEqual(PeerVerifier verifier) {
        return verifier.isEqual(descriptor, pid);
    }

    /** Whether the caller still waits for an answer. */
    boolean isWaitedFor(PeerVerifier verifier) {
        return verifier.stillWrites(descriptor);
    }

    /** Whether the process did that a call names. */
    boolean isBy(int named) {
        return named == pid;
    }
}
