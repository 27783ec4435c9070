// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.CallHandler.Task;
import dev.jrun.engine.peer.PeerVerifier;
import dev.jrun.kernel.call.LinuxSocket;
import dev.jrun.program.SessionBrokenException;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Accepts connections and serves each in a thread of its own, until its {@link Lifetime} is over. The thread that
 * accepts a connection has another wait for the next. It verifies its peer while the peer still verifies the engine,
 * and then reads and understands the call. Other users are refused first, and any other process as soon as it turns out
 * not to be an equal, whether it has sent its call or not: nobody who is not trusted anyway can make others wait. These
 * are the system's threads, kept for a while for the next call: one that waits for its shim is woken by the kernel
 * directly, where a virtual one takes two hops through a poller, five times in a launch.
 */
final class Server {

    /** Callers of this user that are not yet known to be the engine's equals, or have not yet said what they want. */
    private static final int MAX_HANDSHAKES = 64;

    private final Listener listener;
    private final EnginePlace place;
    private final PeerVerifier verifier;
    private final Exchange exchange;
    private final Lifetime lifetime;
    private final SingleLargeFrame permit;
    private final Duration handshakeTime;
    private final Duration tick;
    private final Runnable accepting = this::accept;
    private final Executor threads = Executors.newCachedThreadPool(Server::daemon);
    private final Semaphore handshakes = new Semaphore(MAX_HANDSHAKES);
    private final Queue<Handshake> pending = new ConcurrentLinkedQueue<>();
    private final MemoryReturn memory = new MemoryReturn();

    /**
     * @param handshakeTime how long a caller may take to send its call
     * @param tick how often to look whether one takes longer, and whether the engine is idle
     */
    Server(
            EnginePlace place,
            PeerVerifier verifier,
            Exchange exchange,
            Lifetime lifetime,
            SingleLargeFrame permit,
            Duration handshakeTime,
            Duration tick)
            throws IOException {
        this.listener = new Listener(place.connections());
        this.place = place;
        this.verifier = verifier;
        this.exchange = exchange;
        this.lifetime = lifetime;
        this.permit = permit;
        this.handshakeTime = handshakeTime;
        this.tick = tick;
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "call");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Accepts connections, until the socket listens no more. Returns at once.
     *
     * @throws OutOfMemoryError if there can be no thread that does
     */
    void start() {
        if (listener.needsAnother()) {
            threads.execute(accepting);
        }
    }

    private void accept() {
        try {
            do {
                int connection = listener.accept();
                if (connection < 0) {
                    return;
                }
                take(connection);
            } while (listener.needsAnother());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(int connection) throws InterruptedException {
        OptionalInt pid = verifier.ofOurUser(connection);
        if (pid.isEmpty()) {
            sendAway(connection);
            return;
        }
        handshakes.acquire();
        Handshake handshake = new Handshake(connection, pid.getAsInt());
        pending.add(handshake);
        if (listener.isDeserted()) {
            handOver();
        }
        serve(handshake);
    }

    /** Has another thread accept the next. If there can be none, callers are served one after another. */
    private void handOver() {
        if (listener.needsAnother()) {
            try {
                threads.execute(accepting);
            } catch (OutOfMemoryError noThread) {
                listener.leave();
            }
        }
    }

    /**
     * It goes cold. What it sent is not read, and it cannot have us wait: nothing was sent to it, so that there is room
     * for this.
     */
    private static void sendAway(int connection) {
        try (var wire = new SocketWire(new LinuxSocket(connection))) {
            Exchange.refuse(Frames.alone(wire));
        } catch (IOException e) {
            // It has gone already.
        }
    }

    /**
     * Drops callers that stall, makes up for threads that could not be made, and returns memory. Ends when the engine
     * is to end, or cannot be found any more.
     */
    void watch() throws InterruptedException {
        while (!lifetime.isEndingWithin(tick)) {
            long oldest = System.nanoTime() - handshakeTime.toNanos();
            for (Handshake handshake : pending) {
                if (handshake.since() - oldest < 0) {
                    handshake.drop();
                }
            }
            if (listener.isDeserted()) {
                handOver();
            }
            if (isLost()) {
                lifetime.end();
            }
            memory.lookWhileIdle(lifetime.idle());
        }
    }

    private boolean isLost() {
        try {
            return !place.isKept();
        } catch (IOException e) {
            return false;
        }
    }

    private void serve(Handshake handshake) {
        try (var frames = new Frames(handshake.wire(), permit)) {
            if (!isByAnEqual(handshake)) {
                Exchange.refuse(frames);
            } else if (lifetime.enter()) {
                try {
                    serve(handshake, frames);
                } finally {
                    lifetime.leave();
                }
            } else {
                end(handshake);
            }
        } catch (IOException e) {
            // The caller has gone, or stalled and was dropped.
        }
        memory.lookAfterCall();
    }

    private boolean isByAnEqual(Handshake handshake) {
        boolean isEqual = false;
        try {
            isEqual = handshake.isByAnEqual(verifier);
        } finally {
            if (!isEqual) {
                end(handshake);
            }
        }
        return isEqual;
    }

    private void serve(Handshake handshake, Frames frames) throws SessionBrokenException {
        Call call = null;
        Task task = null;
        try {
            call = Call.decode(exchange.receive(frames));
            task = exchange.understand(call);
        } finally {
            end(handshake);
        }
        if (handshake.isBy(call.pid()) && handshake.isWaitedFor(verifier)) {
            exchange.perform(call, task, frames);
        } else {
            Exchange.refuse(frames);
        }
    }

    private void end(Handshake handshake) {
        pending.remove(handshake);
        handshake.end();
        handshakes.release();
    }
}
