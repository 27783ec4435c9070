// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerVerifier;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A connection whose maker is being verified in one thread, while another already reads what it asks for. */
final class Handshake {

    private final SocketChannel channel;
    private final int pid;
    private final long since = System.nanoTime();
    private final FutureTask<Boolean> verification;

    /**
     * @param pid of the process that made the connection
     */
    Handshake(SocketChannel channel, int pid, PeerVerifier verifier) {
        this.channel = channel;
        this.pid = pid;
        this.verification = new FutureTask<>(() -> verifier.isEqual(channel, pid));
    }

    SocketChannel channel() {
        return channel;
    }

    /** When the connection was accepted, as {@link System#nanoTime()} says it. */
    long since() {
        return since;
    }

    /** Finds out, or waits for the other thread to do so, whether an equal made the connection. */
    boolean isByAnEqual() {
        // Whoever comes first verifies: the other thread may still be waiting for a processor.
        verification.run();
        try {
            return verification.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            return false;
        }
    }

    /** Likewise, whether an equal with the pid that the call names did. */
    boolean isByAnEqual(int named) {
        return isByAnEqual() && named == pid;
    }
}
