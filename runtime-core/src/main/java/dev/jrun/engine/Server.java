// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Accepts connections and serves each in a thread of its own, until its {@link Lifetime} is over. The thread that accepts a
 * connection serves it, and another takes its place: a call is not handed on before its work begins. These are the system's
 * threads, kept for a while for the next call: one that waits for its shim is woken by the kernel directly, where a virtual one
 * takes two hops through a poller, five times in a launch.
 */
final class Server {

    /** Callers that are not yet known to be the engine's equals, or have not yet said what they want. */
    private static final int MAX_HANDSHAKES = 64;

    /** How long to wait when a connection cannot be accepted, most likely since there are too many open files. */
    private static final Duration RESPITE = Duration.ofMillis(50);

    private final ServerSocketChannel listener;
    private final PeerVerifier verifier;
    private final Exchange exchange;
    private final Lifetime lifetime;
    private final RoomForLargeFrames room;
    private final Duration handshakeTime;
    private final Duration tick;
    private final Executor threads = Executors.newCachedThreadPool(Server::daemon);
    private final Semaphore handshakes = new Semaphore(MAX_HANDSHAKES);
    private final Queue<Handshake> pending = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param handshakeTime how long a caller may take to send its call
     * @param tick how often to look whether one takes longer, and whether the engine is idle
     */
    Server(
            ServerSocketChannel listener,
            PeerVerifier verifier,
            Exchange exchange,
            Lifetime lifetime,
            RoomForLargeFrames room,
            Duration handshakeTime,
            Duration tick) {
        this.listener = listener;
        this.verifier = verifier;
        this.exchange = exchange;
        this.lifetime = lifetime;
        this.room = room;
        this.handshakeTime = handshakeTime;
        this.tick = tick;
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "call");
        thread.setDaemon(true);
        return thread;
    }

    /** A connection that has not made its call yet. */
    private record Handshake(SocketChannel channel, long since) {}

    /** Accepts connections, until the listening socket is closed. Returns at once. */
    void start() {
        threads.execute(this::acceptAndServe);
    }

    /** Waits until the listening socket is closed. */
    void awaitClosing() throws InterruptedException {
        closed.await();
    }

    private void acceptAndServe() {
        try {
            SocketChannel channel = accept();
            start();
            serve(channel);
        } catch (ClosedChannelException e) {
            closed.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SocketChannel accept() throws ClosedChannelException, InterruptedException {
        handshakes.acquire();
        while (true) {
            try {
                return listener.accept();
            } catch (ClosedChannelException e) {
                throw e;
            } catch (IOException e) {
                Thread.sleep(RESPITE);
            }
        }
    }

    /** Drops callers that stall. Returns when the engine is to end. */
    void watch() throws InterruptedException {
        while (!lifetime.isEndingWithin(tick)) {
            long oldest = System.nanoTime() - handshakeTime.toNanos();
            for (Handshake handshake : pending) {
                if (handshake.since() - oldest < 0) {
                    close(handshake.channel());
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (var frames = new Frames(new ChannelWire(channel), room)) {
            if (lifetime.enter()) {
                try {
                    serve(channel, frames);
                } finally {
                    lifetime.leave();
                }
            } else {
                handshakes.release();
            }
        } catch (IOException e) {
            // The caller has gone, or stalled and was dropped.
        }
    }

    private void serve(SocketChannel channel, Frames frames) throws SessionBrokenException {
        Optional<Call> call = shakeHands(channel, frames);
        if (call.isPresent()) {
            exchange.perform(call.get(), frames);
        } else {
            Exchange.refuse(frames);
        }
    }

    /** The call of an equal; empty if the caller is not one. */
    private Optional<Call> shakeHands(SocketChannel channel, Frames frames) throws SessionBrokenException {
        var handshake = new Handshake(channel, System.nanoTime());
        pending.add(handshake);
        try {
            OptionalInt pid = verifier.verify(channel);
            if (pid.isEmpty()) {
                return Optional.empty();
            }
            Call call = exchange.receive(frames);
            return call.pid() == pid.getAsInt() ? Optional.of(call) : Optional.empty();
        } finally {
            pending.remove(handshake);
            handshakes.release();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }
}
