// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import java.nio.channels.SocketChannel;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A connection whose maker is being verified in one thread, while another already reads what it asks for. */
final class Handshake {

    private final SocketChannel channel;
    private final long since = System.nanoTime();
    private final FutureTask<OptionalInt> verification;

    Handshake(SocketChannel channel, PeerVerifier verifier) {
        this.channel = channel;
        this.verification = new FutureTask<>(() -> verifier.verify(channel));
    }

    SocketChannel channel() {
        return channel;
    }

    /** When the connection was accepted, as {@link System#nanoTime()} says it. */
    long since() {
        return since;
    }

    /** Verifies the connection's maker. */
    void verify() {
        verification.run();
    }

    /** Waits for what came of that: whether an equal made the connection. */
    boolean isByAnEqual() {
        return equal().isPresent();
    }

    /** Waits likewise: whether an equal with this pid made the connection. */
    boolean isByAnEqual(int pid) {
        OptionalInt equal = equal();
        return equal.isPresent() && equal.getAsInt() == pid;
    }

    /** Whoever comes first verifies: the other thread may still be waiting for a processor. */
    private OptionalInt equal() {
        verify();
        try {
            return verification.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        } catch (ExecutionException e) {
            return OptionalInt.empty();
        }
    }
}
