// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.kernel.Linux;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** An engine that listens, from its first connection to its end. */
final class Service implements EngineControl {

    private static final Duration HANDSHAKE_TIME = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofSeconds(5);

    private final EngineSettings settings;
    private final Closeable socket;
    private final Lifetime lifetime;
    private final Exchange exchange;
    private final Server server;
    private final Thread acceptor;
    private final long start = System.nanoTime();
    private boolean closed;
    private volatile boolean over;

    /**
     * @param listener where callers connect
     * @param socket what to close in order to listen no more
     * @throws IOException if this JVM cannot verify callers
     */
    Service(
            ServerSocketChannel listener,
            Closeable socket,
            ProcessIdentity identity,
            EngineSettings settings,
            CallHandler handler,
            Lifetime lifetime)
            throws IOException {
        this(listener, socket, identity, settings, handler, lifetime, HANDSHAKE_TIME, TICK);
    }

    /**
     * As above.
     *
     * @param handshakeTime how long a caller may take to send its call
     * @param tick how often to look whether one takes longer, and whether the engine is idle
     */
    Service(
            ServerSocketChannel listener,
            Closeable socket,
            ProcessIdentity identity,
            EngineSettings settings,
            CallHandler handler,
            Lifetime lifetime,
            Duration handshakeTime,
            Duration tick)
            throws IOException {
        this.settings = settings;
        this.socket = socket;
        this.lifetime = lifetime;
        this.exchange = new Exchange(settings.build(), handler, this);
        this.server = new Server(listener, new PeerVerifier(identity), exchange, lifetime, handshakeTime, tick);
        hide(identity);
        this.acceptor = new Thread(server::accept, "acceptor");
    }

    /**
     * Keeps other processes of this user out of the engine's memory. Callers must be able to see its namespaces, however,
     * and with this only those can that may trace any process.
     */
    private static void hide(ProcessIdentity identity) throws IOException {
        if (identity.mayTrace()) {
            Linux.setNotDumpable();
        }
    }

    /** Serves until the engine's lifetime is over and its last call has ended. */
    void run() throws InterruptedException, IOException {
        acceptor.start();
        server.watch();
        close();
        acceptor.join();
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

    /** Listens no more. The place may belong to the next engine afterwards, so this is done once. */
    synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            socket.close();
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
        try (var in = new FileInputStream("/proc/self/status")) {
            String status = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            int start = status.indexOf("\nVmRSS:") + "\nVmRSS:".length();
            int end = status.indexOf(" kB", start);
            return Long.parseLong(status.substring(start, end).strip()) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
