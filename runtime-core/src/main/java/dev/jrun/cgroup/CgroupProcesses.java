// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The processes in a container's cgroup and in the cgroups that the container made in it, in any hierarchy: signals to
 * them, and their end. Those of other containers below are not among them.
 */
public final class CgroupProcesses {
    private static final Duration SIGNAL_FREEZE_LIMIT = Duration.ofMillis(200);
    /** How long cgroup.kill may take on a hybrid host before what is left is looked for in the v1 cgroups. */
    private static final Duration KERNEL_KILL_LIMIT = Duration.ofMillis(200);

    /** How long processes may go on to fork while they are killed one by one. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private static final long NOBODY = -1;

    /** How many processes an error names. */
    private static final int NAMED_PIDS = 20;

    private final Cgroup cgroup;
    private final CgroupDirectories paths;

    CgroupProcesses(Cgroup cgroup) {
        this.cgroup = cgroup;
        this.paths = cgroup.paths();
    }

    /**
     * Their pids.
     *
     * @return in ascending order; those that this process's pid namespace cannot see are left out
     */
    public List<Integer> pids() throws CgroupException {
        NavigableSet<Integer> pids = allPids();
        pids.remove(0);
        return List.copyOf(pids);
    }

    /** Whether there are any. Zombies do not count. */
    public boolean areAny() throws CgroupException {
        return areAnyUnified() || !paths.isUnified() && !allPids().isEmpty();
    }

    private boolean areAnyUnified() throws CgroupException {
        if (paths.unified().isEmpty()) {
            return false;
        }
        Path directory = paths.unified().get();
        boolean populated =
                new CgroupFile(directory, "cgroup.events").readKey("populated").equals(Optional.of("1"));
        return populated
                && (!cgroup.tree(directory).holdsOthers()
                        || !pidsIn(List.of(directory)).isEmpty());
    }

    /**
     * Waits until there is none.
     *
     * @return whether that came to be within {@code limit}
     */
    boolean awaitNone(Duration limit) throws CgroupException {
        Backoff backoff = new Backoff(limit);
        while (areAny()) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Has the kernel kill all of them, frozen or not, in one go: {@code cgroup.kill} of cgroup v2, since Linux 5.14. It
     * does not wait for their end. It would also hit other containers below. In a cgroup that stays it would hit
     * whoever is born into it later (CLONE_INTO_CGROUP, clone(2)): newer kernels (seen with 6.18) compare how often the
     * parent's cgroup was killed.
     *
     * @return whether it could; if not, only {@link #killAll} can
     */
    boolean kill() throws CgroupException {
        Optional<Path> file =
                paths.unified().map(path -> path.resolve("cgroup.kill")).filter(path -> !Files.notExists(path));
        if (file.isEmpty()) {
            return false;
        }
        CgroupTree tree = cgroup.tree(paths.unified().get());
        if (tree.takenOver() || tree.holdsOthers()) {
            return false;
        }
        try {
            new CgroupFile(file.get()).write("1");
            return true;
        } catch (CgroupException error) {
            if (Files.notExists(file.get())) {
                return false;
            }
            throw error;
        }
    }

    /**
     * Kills all of them and waits for their end. What {@link #kill} cannot do is done by SIGKILL to each, again and
     * again while there are any, each time with the cgroup frozen so that none can fork away, unless that would freeze
     * others. A paused container is thawed.
     *
     * @throws CgroupException if some are left after {@code limit}
     */
    public void killAll(Signaller signaller, Duration limit) throws IOException {
        boolean killed = kill();
        // In a hybrid layout a process may have left the v2 cgroup, but not those of v1.
        if (killed && awaitNone(paths.isUnified() ? limit : KERNEL_KILL_LIMIT)) {
            return;
        }
        Backoff backoff = new Backoff(limit);
        while (areAny()) {
            signalEach(signaller, Signal.KILL);
            if (!backoff.pause()) {
                throw new CgroupException("%s still in %s %d ms after SIGKILL%s"
                        .formatted(name(allPids()), paths.describe(), limit.toMillis(), frozenAbove()));
            }
        }
    }

    /**
     * Sends a signal to all of them once, with the cgroup frozen meanwhile (where it can be, and no others are in it)
     * so that none is missed. A paused container stays frozen, except for SIGKILL; its processes see the signal when
     * they are thawed (on cgroup v2, a signal that they do not handle and that ends them does so at once).
     */
    public void signalAll(Signaller signaller, Signal signal) throws IOException {
        if (!signal.isKill()) {
            signalEach(signaller, signal);
        } else if (!(kill() && paths.isUnified())) {
            killEach(signaller);
        }
    }

    /**
     * Where it cannot be frozen, a process may fork before it gets the signal: until there is none that has not got it.
     */
    private void killEach(Signaller signaller) throws IOException {
        Set<Integer> killed = new HashSet<>();
        Backoff backoff = new Backoff(KILL_LIMIT);
        while (killed.addAll(signalEach(signaller, Signal.KILL))) {
            if (!backoff.pause()) {
                throw new CgroupException("processes in %s fork faster than they are killed, for %d ms"
                        .formatted(paths.describe(), KILL_LIMIT.toMillis()));
            }
        }
    }

    /** Returns to whom. */
    private List<Integer> signalEach(Signaller signaller, Signal signal) throws IOException {
        Optional<Freezer> freezer = Freezer.of(paths).filter(found -> cgroup.exists());
        boolean paused = freezer.isPresent() && freezer.get().isFrozen();
        if (!paused && freezer.isPresent() && !cgroup.holdsOthers()) {
            freezeIfPossible(freezer.get());
        }
        try {
            List<Integer> pids = pids();
            for (int from = 0; from < pids.size(); from += Signaller.MOST) {
                int to = Math.min(pids.size(), from + Signaller.MOST);
                signaller.send(signal, pids.subList(from, to), this::allPids);
            }
            return pids;
        } finally {
            if (signal.isKill()) {
                letKilledEnd();
            }
            if (freezer.isPresent() && !(paused && !signal.isKill())) {
                freezer.get().thaw();
            }
        }
    }

    /** A process that hangs in the kernel does not freeze, but that is no reason to spare the others the signal. */
    private static void freezeIfPossible(Freezer freezer) {
        try {
            freezer.freeze(SIGNAL_FREEZE_LIMIT);
        } catch (CgroupException notFrozen) {
            return;
        }
    }

    /**
     * Whether SIGKILL may have no effect on them. The freezer of cgroup v1 holds them until they are thawed, in the
     * cgroups that the container made, too; on cgroup v2 frozen processes end.
     */
    public boolean mayOutliveKill() throws CgroupException {
        Optional<Path> freezer = paths.legacy("freezer");
        return freezer.isPresent() && cgroup.tree(freezer.get()).mayBeFrozen();
    }

    /** Lets those end that SIGKILL was sent to. */
    public void letKilledEnd() throws CgroupException {
        letKilledEnd(NOBODY);
    }

    /**
     * Likewise, and this process of the container in any case: it may have gone to a cgroup that it has given another
     * container's mark.
     */
    public void letKilledEnd(long init) throws CgroupException {
        Optional<Path> freezer = paths.legacy("freezer");
        if (freezer.isPresent()) {
            cgroup.tree(freezer.get()).thaw(init);
        }
    }

    /** What is frozen above the cgroup is somebody else's to thaw. */
    private String frozenAbove() throws CgroupException {
        Optional<Path> freezer = paths.legacy("freezer");
        boolean frozen = freezer.isPresent()
                && new CgroupFile(freezer.get(), "freezer.parent_freezing")
                        .readIfPresent()
                        .equals(Optional.of("1"));
        return frozen ? "; a cgroup above it is frozen" : "";
    }

    /**
     * Makes sure that no process is left of which nobody knows whether it is the container's: in cgroups that somebody
     * made, the container or another, in one that was there before it.
     *
     * @throws CgroupException if there are any: they are not killed, and it says which they are
     */
    public void checkNoneIsUnknown() throws CgroupException {
        for (Path directory : paths.all()) {
            NavigableSet<Integer> pids = new TreeSet<>();
            cgroup.tree(directory).addUnknownPidsTo(pids);
            if (!pids.isEmpty()) {
                throw new CgroupException(name(pids) + " in cgroups below " + directory
                        + ", which was there before the container; they may not be the container's and are not killed");
            }
        }
    }

    /** Not more of them than can be read. */
    static String name(Collection<Integer> pids) {
        String first = pids.stream().limit(NAMED_PIDS).map(String::valueOf).collect(Collectors.joining(", "));
        return pids.size() <= NAMED_PIDS
                ? "processes [" + first + "] are"
                : "processes [" + first + "] and " + (pids.size() - NAMED_PIDS) + " more are";
    }

    private NavigableSet<Integer> allPids() throws CgroupException {
        return pidsIn(paths.all());
    }

    /** Those of another pid namespace, which have no number here, as 0. */
    private NavigableSet<Integer> pidsIn(List<Path> directories) throws CgroupException {
        NavigableSet<Integer> pids = new TreeSet<>();
        for (Path directory : directories) {
            cgroup.tree(directory).addPidsTo(pids);
        }
        return pids;
    }
}
