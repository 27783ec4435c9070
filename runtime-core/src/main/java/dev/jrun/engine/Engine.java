// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.engine.company.Company;
import dev.jrun.engine.peer.PeerIdentity;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The JVM that plans what shims do: started by a call, after which it may stay for others, or started to serve. */
public final class Engine {

    /** A large document is read and launched in less than half a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EngineSettings settings;
    private final CallHandler handler;
    private final SingleLargeFrame permit = new SingleLargeFrame(PATIENCE);

    /** @param handler what does the calls */
    public Engine(EngineSettings settings, CallHandler handler) {
        this.settings = settings;
        this.handler = handler;
    }

    /**
     * Serves the call on descriptor 0, a connected socket, and then those that come while the engine lingers. As long
     * as the first caller waits, no class is loaded that its call does not need.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void call() throws InterruptedException {
        call(new FirstCall(settings, handler, permit, Optional.empty()));
    }

    /**
     * As {@link #call}, where the engine is in namespaces that it is not to keep from ending. It tells its first
     * caller, who waits for that, whether it lingers.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    public void callInCompany() throws InterruptedException {
        call(new FirstCall(settings, handler, permit, Optional.of(new Company())));
    }

    private void call(FirstCall first) throws InterruptedException {
        if (settings.staysAfterCall()) {
            var successor = new Thread(first::linger, "linger");
            successor.start();
            first.perform();
            successor.join();
        } else {
            first.perform();
        }
    }

    /**
     * Serves in the foreground until SIGTERM, {@code engine stop}, or the end of an idle time that was asked for.
     * Listens on descriptor 0 if that is a listening socket, else where the settings say. Says on standard error when
     * it begins and ends.
     *
     * @throws IOException if it cannot serve; the message says why
     * @throws InterruptedException if this thread is interrupted
     */
    public void serve() throws IOException, InterruptedException {
        PeerIdentity identity = PeerIdentity.own();
        if (identity.isFiltered()) {
            throw new IOException("an engine whose system calls are filtered (seccomp) cannot serve others");
        }
        Channel inherited = System.inheritedChannel();
        if (inherited instanceof ServerSocketChannel listener) {
            String name = String.valueOf(listener.getLocalAddress());
            serve(identity, settings.at(name), new EnginePlace.Given(listener));
        } else if (inherited != null) {
            throw new IOException("descriptor 0 is a socket that does not listen");
        } else {
            EngineSocket socket = EngineSocket.claim(socketPath(), identity)
                    .orElseThrow(() -> new IOException("an engine listens at " + settings.socket() + " already"));
            serve(identity, settings, socket);
        }
    }

    private Path socketPath() throws IOException {
        if (settings.socket().isEmpty()) {
            throw new IOException("there is no directory for the engine's socket: is XDG_RUNTIME_DIR set?");
        }
        return Path.of(settings.socket());
    }

    /** Whoever starts a service also ends it, unless told otherwise. */
    private Lifetime lifetime() {
        return new Lifetime(
                settings.idleSeconds().isPresent() ? Duration.ofSeconds(settings.secondsToStay()) : Lifetime.UNLIMITED);
    }

    private void serve(PeerIdentity identity, EngineSettings its, EnginePlace place)
            throws IOException, InterruptedException {
        try (place) {
            var service = new Service(identity, its, handler, lifetime(), permit);
            service.endOnSignal(() -> say("ends"));
            say("serves at " + its.socket());
            service.run(place);
            say("ends");
        }
    }

    private void say(String what) {
        System.err.println("jrun engine " + settings.build() + ", pid "
                + ProcessHandle.current().pid() + ": " + what);
    }
}
