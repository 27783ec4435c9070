// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine;

import dev.jrun.cgroup.CallerCgroup;
import dev.jrun.engine.company.Company;
import dev.jrun.engine.company.OwnRoot;
import dev.jrun.engine.company.Subreaper;
import dev.jrun.engine.peer.PeerIdentity;
import dev.jrun.kernel.call.LinuxCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The call that an engine was started for, on descriptor 0, and what happens to the engine afterwards. */
final class FirstCall implements EngineControl {

    /** A call that takes this long waits for a container. Other callers need not start engines until it ends. */
    private static final Duration LONG = Duration.ofMillis(300);

    /** The descriptor of the connection to the shim that started this process. */
    private static final int CONNECTION = 0;

    private final EngineSettings settings;
    private final CallHandler handler;
    private final SingleLargeFrame permit;
    private final Optional<Company> company;
    private final CountDownLatch done = new CountDownLatch(1);
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile Lifetime serving;
    private Lifetime entered;

    /**
     * @param company without which it is not to stay, if it needs some; its first caller waits for being told whether
     *     it does
     */
    FirstCall(EngineSettings settings, CallHandler handler, SingleLargeFrame permit, Optional<Company> company) {
        this.settings = settings;
        this.handler = handler;
        this.permit = permit;
        this.company = company;
    }

    /** Serves the call. */
    void perform() {
        var exchange = new Exchange(settings.build(), handler, this);
        try (var frames = new Frames(new StreamWire(), permit)) {
            Call call = Call.decode(exchange.receive(frames));
            if (exchange.perform(call, exchange.understand(call), frames) && company.isPresent()) {
                sayIfItStays(frames);
            }
        } catch (IOException e) {
            // The shim went before it made its call, or before it was told what becomes of the engine.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave();
        }
    }

    /** Once. */
    private synchronized void leave() {
        if (done.getCount() > 0) {
            done.countDown();
            if (entered != null) {
                entered.leave();
            }
        }
    }

    private synchronized void enterUnlessDone(Lifetime lifetime) {
        if (done.getCount() > 0 && lifetime.enter()) {
            entered = lifetime;
        }
    }

    /** The shim, whose child this process is, need not wait for its end then. */
    private void sayIfItStays(Frames frames) throws IOException, InterruptedException {
        leave();
        decided.await();
        if (serving != null && !serving.isOver()) {
            frames.write(Frames.STAYS, new byte[0]);
        }
    }

    /** Waits for the call to end, or to turn out to be a long one, and becomes a server if that is allowed. */
    void linger() {
        try {
            done.await(LONG.toMillis(), TimeUnit.MILLISECONDS);
            PeerIdentity identity = PeerIdentity.own();
            if (!stopped && mayStay(identity)) {
                stay(identity);
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
    private boolean mayStay(PeerIdentity identity) throws IOException {
        return !identity.isFiltered()
                && (settings.idleSeconds().isPresent() || !OwnRoot.isChanged())
                && !Subreaper.waitsForUs()
                && (company.isEmpty() || mayStayIn(company.get()));
    }

    private static boolean mayStayIn(Company company) throws IOException {
        company.leaveOut(LinuxCalls.peerCredentials(CONNECTION).pid());
        return Subreaper.reapsUs() && company.isInNamespaces();
    }

    private void stay(PeerIdentity identity) throws IOException, InterruptedException {
        var lifetime = new Lifetime(Duration.ofSeconds(settings.secondsToStay()));
        enterUnlessDone(lifetime);
        var service = new Service(identity, settings, handler, lifetime, permit);
        Optional<EngineSocket> claimed = EngineSocket.claim(Path.of(settings.socket()), identity);
        if (claimed.isPresent()) {
            try (EngineSocket socket = claimed.get()) {
                // Who cannot leave its caller's cgroup since the engines' is somebody else's would keep it from being
                // removed.
                if (CallerCgroup.leave() && (company.isEmpty() || company.get().isThere())) {
                    if (company.isPresent()) {
                        leaveWithout(company.get(), lifetime);
                    }
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
                    try {
                        company.watch();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        lifetime.end();
                    }
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
