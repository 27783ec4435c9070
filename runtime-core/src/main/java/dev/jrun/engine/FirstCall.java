// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.cgroup.CallerCgroup;
import dev.jrun.engine.company.Company;
import dev.jrun.engine.company.Subreaper;
import dev.jrun.engine.peer.PeerIdentity;
import dev.jrun.kernel.call.LinuxCalls;
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

    /** The descriptor of the connection to the shim that started this process. */
    private static final int CONNECTION = 0;

    private final EngineSettings settings;
    private final CallHandler handler;
    private final SingleLargeFrame permit;
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile Lifetime serving;
    private Lifetime entered;

    FirstCall(EngineSettings settings, CallHandler handler, SingleLargeFrame permit) {
        this.settings = settings;
        this.handler = handler;
        this.permit = permit;
    }

    /** Serves the call. */
    void perform() {
        var exchange = new Exchange(settings.build(), handler, this);
        try (var frames = new Frames(new StreamWire(), permit)) {
            if (perform(exchange, frames) && stays()) {
                frames.write(Frames.STAYS, new byte[0]);
            }
        } catch (IOException e) {
            // The shim went before it made its call, or before it was told what becomes of the engine.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean perform(Exchange exchange, Frames frames) throws IOException {
        try {
            Call call = Call.decode(exchange.receive(frames));
            return exchange.perform(call, exchange.understand(call), frames);
        } finally {
            leave();
        }
    }

    private synchronized void leave() {
        done.countDown();
        if (entered != null) {
            entered.leave();
        }
    }

    private synchronized void enterUnlessDone(Lifetime lifetime) {
        if (done.getCount() > 0 && lifetime.enter()) {
            entered = lifetime;
        }
    }

    /** Whether the shim, whose child this process is, need not wait for its end. Where it needs no company, it is not to wait for that either. */
    private boolean stays() throws IOException, InterruptedException {
        if (stopped || !settings.staysAfterCall()) {
            return false;
        }
        if (!needsCompany()) {
            return true;
        }
        decided.await();
        return serving != null && !serving.isOver();
    }

    private boolean needsCompany() throws IOException {
        return settings.idleSeconds().isEmpty() && !Company.isNeedless();
    }

    /** Waits for the call to end, or to turn out to be a long one, and becomes a server if that is allowed. */
    void linger() {
        try {
            done.await(LONG.toMillis(), TimeUnit.MILLISECONDS);
            PeerIdentity identity = PeerIdentity.own();
            if (!stopped && !identity.isFiltered() && !Subreaper.waitsForUs()) {
                lingerAs(identity);
            }
        } catch (IOException e) {
            // There is nobody to tell, and nothing is lost: the next caller starts an engine of its own.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            decided.countDown();
        }
    }

    /** The shim has seen to the rest before it said where to listen. */
    private void lingerAs(PeerIdentity identity) throws IOException, InterruptedException {
        if (!needsCompany()) {
            stay(identity, Optional.empty());
        } else if (Subreaper.reapsUs()) {
            var company = new Company(LinuxCalls.peerCredentials(CONNECTION).pid());
            if (company.isInNamespaces()) {
                stay(identity, Optional.of(company));
            }
        }
    }

    private void stay(PeerIdentity identity, Optional<Company> company) throws IOException, InterruptedException {
        var lifetime = new Lifetime(Duration.ofSeconds(settings.secondsToStay()));
        enterUnlessDone(lifetime);
        var service = new Service(identity, settings, handler, lifetime, permit);
        Optional<EngineSocket> claimed = EngineSocket.claim(Path.of(settings.socket()), identity);
        if (claimed.isPresent()) {
            try (EngineSocket socket = claimed.get()) {
                // Who cannot leave its caller's cgroup since the engines' is somebody else's would keep it from being
                // removed.
                if (CallerCgroup.leave() && (company.isEmpty() || company.get().isThere())) {
                    company.ifPresent(its -> leaveWithout(its, lifetime));
                    serving = lifetime;
                    decided.countDown();
                    service.endOnSignal(() -> {});
                    service.run(socket);
                }
            }
        }
    }

    private static void leaveWithout(Company company, Lifetime lifetime) {
        var watch = new Thread(
                () -> {
                    company.watch();
                    lifetime.end();
                },
                "company");
        watch.setDaemon(true);
        watch.start();
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
