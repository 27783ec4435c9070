// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.freedesktop.dbus.types.Variant;

/**
 * An engine's only connection to systemd, made when it is first needed, and again when it is lost. For use by several
 * threads: while one of them connects, the others wait for that attempt and share its result.
 */
final class Connection {

    /**
     * How long the way is taken that was found when the usual one failed: a bus that hangs costs each attempt seconds.
     */
    private static final Duration DETOUR = Duration.ofSeconds(30);

    private final List<BusAddress> addresses;
    private final UnitManager.Limits limits;
    private final Path booted;
    private Optional<Link> link = Optional.empty();
    /** To connect; null if nobody does. */
    private CompletableFuture<Link> attempt;

    private int users;
    private Optional<BusAddress> detour = Optional.empty();
    private long detourEnds;

    /** One connection, and who is at its other end. */
    record Link(Bus bus, UnitManager.Facts facts) {}

    /**
     * @param addresses the ways, the best first
     * @param booted what is there where systemd is init
     */
    Connection(List<BusAddress> addresses, UnitManager.Limits limits, Path booted) {
        this.addresses = addresses;
        this.limits = limits;
        this.booted = booted;
    }

    synchronized boolean isThere() {
        return link.isPresent() && !link.get().bus().isLost();
    }

    /**
     * The connection, to be {@link #letGo} of.
     *
     * @throws BusException if nobody can be reached
     * @throws CgroupException if there is nobody
     */
    Link get() throws BusException, CgroupException {
        CompletableFuture<Link> others;
        CompletableFuture<Link> own = new CompletableFuture<>();
        synchronized (this) {
            if (isThere()) {
                users++;
                return link.get();
            }
            others = attempt;
            if (others == null) {
                attempt = own;
            }
        }
        return others == null ? make(own) : join(others);
    }

    private Link make(CompletableFuture<Link> own) throws BusException, CgroupException {
        try {
            Link made = connect();
            synchronized (this) {
                link = Optional.of(made);
                users = 1;
            }
            own.complete(made);
            return made;
        } catch (BusException | CgroupException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (this) {
                attempt = null;
            }
            // Unless it is complete: nobody is to wait for an attempt that has ended.
            own.cancel(false);
        }
    }

    private Link join(CompletableFuture<Link> others) throws BusException {
        try {
            Link made = others.get();
            synchronized (this) {
                if (link.isPresent() && link.get() == made && !made.bus().isLost()) {
                    users++;
                    return made;
                }
            }
            throw new BusException.Lost("the connection was lost", null);
        } catch (CancellationException e) {
            throw new BusException.Lost("the connection was not made", e);
        } catch (ExecutionException e) {
            throw new BusException.Lost(e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusException.Lost("interrupted while waiting for systemd", e);
        }
    }

    /**
     * One to systemd itself is not kept: it would tell of all that its units do, and this engine would have to listen.
     */
    synchronized void letGo(Link used) {
        if (link.isEmpty() || link.get() != used) {
            return;
        }
        users--;
        if (users == 0 && used.bus().address().kind() == BusAddress.Kind.MANAGER) {
            used.bus().close();
            link = Optional.empty();
        }
    }

    private Link connect() throws BusException, CgroupException {
        if (Files.notExists(booted)) {
            throw new CgroupException("the cgroups of this host are not systemd's: there is no " + booted
                    + "; without --systemd-cgroup, jrun makes them itself");
        }
        var failures = new StringBuilder();
        BusException last = null;
        for (BusAddress address : inOrder()) {
            try {
                Bus connected = Bus.connect(address, limits.connect());
                Link made = new Link(connected, facts(connected));
                if (last != null) {
                    detour = Optional.of(address);
                    detourEnds = System.nanoTime() + DETOUR.toNanos();
                }
                return made;
            } catch (BusException e) {
                failures.append(failures.isEmpty() ? "" : "; ").append(e.getMessage());
                last = e;
            }
        }
        throw new BusException.Lost(failures.toString(), last);
    }

    /** The usual way first, unless it has failed a short time ago and another has not. */
    private List<BusAddress> inOrder() {
        if (detour.isPresent() && System.nanoTime() - detourEnds > 0) {
            detour = Optional.empty();
        }
        List<BusAddress> order = new ArrayList<>(addresses);
        if (detour.isPresent()) {
            order.remove(detour.get());
            order.addFirst(detour.get());
        }
        return order;
    }

    private UnitManager.Facts facts(Bus connected) throws BusException {
        try {
            String root = (String) fact(connected, "ControlGroup");
            return new UnitManager.Facts(version((String) fact(connected, "Version")), root.isEmpty() ? "/" : root);
        } catch (BusException e) {
            connected.close();
            throw e;
        }
    }

    private Object fact(Bus connected, String name) throws BusException {
        Object answer = connected
                .call(
                        "/org/freedesktop/systemd1",
                        "org.freedesktop.DBus.Properties",
                        "Get",
                        limits.answer(),
                        "ss",
                        "org.freedesktop.systemd1.Manager",
                        name)[0];
        return ((Variant<?>) answer).getValue();
    }

    /** Of words such as {@code 252.39-1~deb12u1}, {@code v245.4} or {@code 258~rc1}; 0 if it is none of these. */
    static int version(String words) {
        int version = 0;
        for (int i = words.startsWith("v") ? 1 : 0; i < words.length() && Character.isDigit(words.charAt(i)); i++) {
            version = version * 10 + words.charAt(i) - '0';
        }
        return version;
    }
}
