// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.cgroup.CallerCgroup;
import dev.jrun.engine.peer.PeerIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The call that an engine was started for, on descriptor 0, and what comes of the engine then. */
final class FirstCall implements EngineControl {

    /** A call that takes this long waits for a container. Other callers need not start engines until it ends. */
    private static final Duration LONG = Duration.ofMillis(300);

    private final EngineSettings settings;
    private final CallHandler handler;
    private final SingleLargeFrame permit;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean stopped;

    FirstCall(EngineSettings settings, CallHandler handler, SingleLargeFrame permit) {
        this.settings = settings;
        this.handler = handler;
        this.permit = permit;
    }

    /** Serves the call. */
    void perform() {
        var exchange = new Exchange(settings.build(), handler, this);
        try (var frames = new Frames(new StreamWire(), permit)) {
            Call call = Call.decode(exchange.receive(frames));
            exchange.perform(call, exchange.understand(call), frames);
        } catch (IOException e) {
            // The shim went before it made its call.
        } finally {
            done.countDown();
        }
    }

    /** Waits for the call to end, or to turn out to be a long one, and becomes a server if that is allowed. */
    void linger() {
        try {
            boolean over = done.await(LONG.toMillis(), TimeUnit.MILLISECONDS);
            PeerIdentity identity = PeerIdentity.own();
            if (!stopped && mayStay(identity)) {
                stay(identity, over);
            }
        } catch (IOException e) {
            // There is nobody to tell, and nothing is lost: the next caller starts an engine of its own.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The shim has seen to the rest before it said where to listen. */
    private static boolean mayStay(PeerIdentity identity) throws IOException {
        return !identity.isFiltered() && !Subreaper.waitsForUs();
    }

    private void stay(PeerIdentity identity, boolean over) throws IOException, InterruptedException {
        var lifetime = new Lifetime(Duration.ofSeconds(settings.secondsToStay()));
        if (!over) {
            lifetime.enter();
            Thread.startVirtualThread(() -> leaveWhenDone(lifetime));
        }
        var service = new Service(identity, settings, handler, lifetime, permit);
        Optional<EngineSocket> claimed = EngineSocket.claim(Path.of(settings.socket()), identity);
        if (claimed.isPresent()) {
            try (EngineSocket socket = claimed.get()) {
                // Who cannot leave its caller's cgroup since the engines' is somebody else's would keep it from being
                // removed.
                if (CallerCgroup.leave()) {
                    service.endOnSignal(() -> {});
                    service.run(socket);
                }
            }
        }
    }

    private void leaveWhenDone(Lifetime lifetime) {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lifetime.leave();
        }
    }

    @Override
    public Optional<EngineStatus> status() {
        return Optional.empty();
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
