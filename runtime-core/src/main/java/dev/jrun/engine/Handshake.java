// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerVerifier;
import dev.jrun.kernel.call.LinuxSocket;
import java.io.IOException;

/** A connection whose peer is not yet known to be the engine's equal, or has not yet said what it wants. */
final class Handshake {

    private final int connection;
    private final int pid;
    private final long since = System.nanoTime();
    private boolean isOver;

    /**
     * @param connection a connected socket
     * @param pid of the process that made the connection
     */
    Handshake(int connection, int pid) {
        this.connection = connection;
        this.pid = pid;
    }

    /** To be closed when the handshake is over, and not before. */
    Wire wire() {
        return new SocketWire(new LinuxSocket(connection));
    }

    /** From here on nobody drops it: the descriptor may be another's soon. */
    synchronized void end() {
        isOver = true;
    }

    /** Ends what is waited for, whoever waits. */
    synchronized void drop() {
        if (isOver) {
            return;
        }
        try {
            LinuxSocket.shutdown(connection);
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
        return verifier.isEqual(connection, pid);
    }

    /** Whether the caller still waits for an answer. */
    boolean isWaitedFor(PeerVerifier verifier) {
        return verifier.stillWrites(connection);
    }

    /** Whether the process did that a call names. */
    boolean isBy(int named) {
        return named == pid;
    }
}
