// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.peer.PeerIdentity;
import dev.jrun.engine.peer.PeerVerifier;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.ProcessStatus;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/** An engine that listens, from its first connection to its end. */
final class Service implements EngineControl {

    private static final Duration HANDSHAKE_TIME = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofSeconds(5);

    private final PeerIdentity identity;
    private final EngineSettings settings;
    private final Lifetime lifetime;
    private final SingleLargeFrame permit;
    private final Duration handshakeTime;
    private final Duration tick;
    private final Exchange exchange;
    private final PeerVerifier verifier;
    private final long start = System.nanoTime();
    private Closeable socket = () -> {};
    private volatile boolean over;

    /**
     * Prepares all that the first caller would wait for otherwise.
     *
     * @param identity of this process
     * @throws IOException if this JVM cannot verify callers
     */
    Service(
            PeerIdentity identity,
            EngineSettings settings,
            CallHandler handler,
            Lifetime lifetime,
            SingleLargeFrame permit)
            throws IOException {
        this(identity, settings, handler, lifetime, permit, HANDSHAKE_TIME, TICK);
    }

    /**
     * As above.
     *
     * @param handshakeTime how long a caller may take to send its call
     * @param tick how often to look whether one takes longer, and whether the engine is idle
     */
    Service(
            PeerIdentity identity,
            EngineSettings settings,
            CallHandler handler,
            Lifetime lifetime,
            SingleLargeFrame permit,
            Duration handshakeTime,
            Duration tick)
            throws IOException {
        this.identity = identity;
        this.settings = settings;
        this.lifetime = lifetime;
        this.permit = permit;
        this.handshakeTime = handshakeTime;
        this.tick = tick;
        this.exchange = new Exchange(settings.build(), handler, this);
        this.verifier = new PeerVerifier(identity);
        verifier.prepare();
        hide();
    }

    /**
     * Keeps other processes of this user out of the engine's memory. Callers must be able to see its namespaces,
     * however, and with this only those can that may trace any process.
     */
    private void hide() throws IOException {
        if (identity.mayTrace()) {
            LinuxCalls.setNotDumpable();
        }
    }

    /**
     * Serves until the engine's lifetime is over and its last call has ended.
     *
     * @param place where callers find it
     */
    void run(EnginePlace place) throws InterruptedException, IOException {
        listensAt(place);
        var server = new Server(place, verifier, exchange, lifetime, permit, handshakeTime, tick);
        server.start();
        server.watch();
        close();
        lifetime.awaitLastCall();
        over = true;
    }

    /**
     * Has a signal that ends the JVM (SIGTERM, SIGINT, SIGHUP) remove what this service made, and end it with exit code
     * 0, as a service manager expects.
     *
     * @param last what to do before
     */
    void endOnSignal(Runnable last) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!over) {
                last.run();
                closeQuietly();
                Runtime.getRuntime().halt(0);
            }
        }));
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException e) {
            // The next engine removes what is left.
        }
    }

    private synchronized void listensAt(Closeable place) {
        socket = place;
    }

    /** Listens no more. The place may belong to the next engine afterwards, so this is done once. */
    private synchronized void close() throws IOException {
        try (Closeable _ = socket) {
            socket = () -> {};
        }
    }

    @Override
    public Optional<EngineStatus> status() {
        return Optional.of(new EngineStatus(
                ProcessHandle.current().pid(),
                settings.build(),
                settings.socket(),
                Duration.ofNanos(System.nanoTime() - start),
                exchange.calls(),
                lifetime.open(),
                residentBytes()));
    }

    @Override
    public void stop() {
        lifetime.end();
    }

    /** VmRSS of proc_pid_status(5). */
    private static long residentBytes() {
        try {
            String resident = ProcessStatus.own().value("VmRSS").orElseThrow();
            return Long.parseLong(resident.substring(0, resident.indexOf(" kB"))) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
