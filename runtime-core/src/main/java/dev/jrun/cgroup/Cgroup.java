// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A container's cgroup in all hierarchies. It has only the paths, so it can be made from a container's stored state at
 * any time; whether the cgroup exists is another question.
 */
public final class Cgroup {
    /** A process that waits in the kernel, for a disk or a network file system, takes as long. */
    private static final Duration FREEZE_LIMIT = Duration.ofSeconds(10);

    private static final Duration SIGNAL_FREEZE_LIMIT = Duration.ofMillis(200);
    /** How long cgroup.kill may take on a hybrid host before what is left is looked for in the v1 cgroups. */
    private static final Duration KERNEL_KILL_LIMIT = Duration.ofMillis(200);

    /** How long processes may go on to fork while they are killed one by one. */
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private static final long NOBODY = -1;

    /** How many processes an error names. */
    private static final int NAMED_PIDS = 20;

    private final CgroupDirectories paths;
    private final CgroupDirectories callers;
    /** Those of its directories that were there before the container. */
    private final List<Path> takenOver;

    /** A cgroup that was made before, or was at least going to be. */
    public Cgroup(CgroupDirectories paths) {
        this(paths, List.of());
    }

    /**
     * Likewise, where some of the directories were there before, so that nobody knows whose the cgroups in them are.
     */
    Cgroup(CgroupDirectories paths, List<Path> takenOver) {
        this(new CgroupPlace(paths, CgroupDirectories.NONE, Optional.empty()), takenOver);
    }

    /** Likewise, of a container that may have none of its own in some hierarchies. */
    public Cgroup(CgroupPlace place) {
        this(place, List.of());
    }

    private Cgroup(CgroupPlace place, List<Path> takenOver) {
        this.paths = place.own();
        this.callers = place.callers();
        this.takenOver = List.copyOf(takenOver);
    }

    /** Where the container stays in the caller's cgroup instead, so that nothing can be limited. */
    public CgroupDirectories callers() {
        return callers;
    }

    public CgroupDirectories paths() {
        return paths;
    }

    /** How another process comes into it. */
    public CgroupEntry entry() {
        return CgroupEntry.of(paths);
    }

    /** Whether it exists in any hierarchy. */
    public boolean exists() {
        return paths.all().stream().anyMatch(Files::isDirectory);
    }

    /**
     * The processes in it and in the cgroups that the container made in it, in any hierarchy. Those of other containers
     * below are not among them.
     *
     * @return in ascending order; those that this process's pid namespace cannot see are left out
     */
    public List<Integer> pids() throws CgroupException {
        NavigableSet<Integer> pids = allPids();
        pids.remove(0);
        return List.copyOf(pids);
    }

    /** Whether any of {@link #pids} is there. Zombies do not count. */
    public boolean isPopulated() throws CgroupException {
        return isPopulatedUnified() || !paths.isUnified() && !allPids().isEmpty();
    }

    /** Whether nobody's process is in it or below it, whosever the cgroups there are. Zombies do not count. */
    public boolean isDeserted() throws CgroupException {
        Set<Integer> pids = new HashSet<>();
        for (Path directory : paths.legacy().values()) {
            new CgroupTree(directory, true).addAnybodysPidsTo(pids, KILL_LIMIT);
        }
        return pids.isEmpty()
                && (paths.unified().isEmpty()
                        || !new CgroupFile(paths.unified().get(), "cgroup.events")
                                .readKey("populated")
                                .equals(Optional.of("1")));
    }

    /**
     * Waits until that is so.
     *
     * @return whether it came to be within {@code limit}
     */
    public boolean awaitDeserted(Duration limit) throws CgroupException {
        Backoff backoff = new Backoff(limit);
        while (!isDeserted()) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }

    /** Whether any of its directories was there before the container, so that it is not removed. */
    public boolean isTakenOver() {
        return !takenOver.isEmpty();
    }

    /**
     * Waits until none of {@link #pids} is there.
     *
     * @return whether that came to be within {@code limit}
     */
    public boolean awaitEmpty(Duration limit) throws CgroupException {
        Backoff backoff = new Backoff(limit);
        while (isPopulated()) {
            if (!backoff.pause()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Has the kernel kill all processes, frozen or not, in one go: {@code cgroup.kill} of cgroup v2, since Linux 5.14.
     * It does not wait for their end. It would also hit other containers below. In a cgroup that stays it would hit
     * whoever is born into it later (CLONE_INTO_CGROUP, clone(2)): newer kernels (seen with 6.18) compare how often the
     * parent's cgroup was killed.
     *
     * @return whether it could; if not, only {@link #killAll} can
     */
    public boolean kill() throws CgroupException {
        Optional<Path> file =
                paths.unified().map(path -> path.resolve("cgroup.kill")).filter(path -> !Files.notExists(path));
        if (file.isEmpty()
                || isToStay(paths.unified().get())
                || tree(paths.unified().get()).holdsOthers()) {
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
     * Kills all processes and waits for their end. What {@link #kill} cannot do is done by SIGKILL to each, again and
     * again while there are any, each time with the cgroup frozen so that none can fork away, unless that would freeze
     * others. A paused container is thawed.
     *
     * @throws CgroupException if some are left after {@code limit}
     */
    public void killAll(Signaller signaller, Duration limit) throws IOException {
        boolean killed = kill();
        // In a hybrid layout a process may have left the v2 cgroup, but not those of v1.
        if (killed && awaitEmpty(paths.isUnified() ? limit : KERNEL_KILL_LIMIT)) {
            return;
        }
        Backoff backoff = new Backoff(limit);
        while (isPopulated()) {
            signalEach(signaller, Signal.KILL);
            if (!backoff.pause()) {
                throw new CgroupException("%s still in %s %d ms after SIGKILL%s"
                        .formatted(name(allPids()), describe(), limit.toMillis(), frozenAbove()));
            }
        }
    }

    /**
     * Sends a signal to all processes once, with the cgroup frozen meanwhile (where it can be, and no others are in it)
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
                        .formatted(describe(), KILL_LIMIT.toMillis()));
            }
        }
    }

    /**
     * Whether SIGKILL may have no effect on processes in it. The freezer of cgroup v1 holds them until they are thawed,
     * in the cgroups that the container made, too; on cgroup v2 frozen processes end.
     */
    public boolean mayOutliveKill() throws CgroupException {
        Optional<Path> freezer = paths.legacy("freezer");
        return freezer.isPresent() && tree(freezer.get()).mayBeFrozen();
    }

    /** Lets processes end that SIGKILL was sent to. */
    public void letKilledEnd() throws CgroupException {
        letEnd(NOBODY);
    }

    /**
     * Likewise, and this process of the container in any case: it may have gone to a cgroup that it has given another
     * container's mark.
     */
    public void letKilledEnd(long init) throws CgroupException {
        letEnd(init);
    }

    private void letEnd(long init) throws CgroupException {
        Optional<Path> freezer = paths.legacy("freezer");
        if (freezer.isPresent()) {
            tree(freezer.get()).thaw(init);
        }
    }

    /** Returns to whom. */
    private List<Integer> signalEach(Signaller signaller, Signal signal) throws IOException {
        Optional<Freezer> freezer = Freezer.of(paths).filter(found -> exists());
        boolean paused = freezer.isPresent() && freezer.get().isFrozen();
        if (!paused && freezer.isPresent() && !holdsOthers()) {
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
     * Freezes all processes and waits until they are.
     *
     * @throws CgroupException if this host has no freezer, or it took too long (then they are thawed again)
     */
    public void freeze() throws CgroupException {
        freezer().freeze(FREEZE_LIMIT);
    }

    /** Lets frozen processes go on. */
    public void thaw() throws CgroupException {
        freezer().thaw();
    }

    /** Whether it was frozen and not thawed since; false where there is no freezer. */
    public boolean isFrozen() throws CgroupException {
        Optional<Freezer> freezer = Freezer.of(paths);
        return freezer.isPresent() && freezer.get().isFrozen();
    }

    /**
     * Removes it from all hierarchies, with the cgroups that the container made in it. The ones above it stay. If it is
     * gone already, that is fine. Where it was there before the container, it is given back as it is, with all that is
     * in it.
     *
     * @param limit how long to retry while processes in it are still ending
     * @throws CgroupException if it could not be removed everywhere within {@code limit}
     */
    public void remove(Duration limit) throws CgroupException {
        List<Path> left = paths.all();
        left.removeAll(takenOver);
        Backoff backoff = new Backoff(limit);
        String obstacle = "";
        do {
            List<Path> busy = new ArrayList<>();
            CgroupRemoval removal = new CgroupRemoval();
            for (Path directory : left) {
                Optional<String> found = removal.remove(tree(directory));
                if (found.isPresent()) {
                    busy.add(directory);
                    obstacle = "remove " + directory + ": " + found.get() + removal.others();
                }
            }
            left = busy;
        } while (!left.isEmpty() && backoff.pause());
        if (!left.isEmpty()) {
            List<Integer> pids = pids();
            throw new CgroupException(pids.isEmpty() ? obstacle : obstacle + "; " + name(pids) + " in it");
        }
        for (Path directory : takenOver) {
            CgroupLock.unmark(directory);
        }
    }

    /**
     * Makes sure that no process is left of which nobody knows whether it is the container's: in cgroups that somebody
     * made, the container or another, in one that was there before it.
     *
     * @throws CgroupException if there are any: they are not killed, and it says which they are
     */
    public void checkNoneIsUnknown() throws CgroupException {
        for (Path directory : takenOver) {
            NavigableSet<Integer> pids = new TreeSet<>();
            tree(directory).addUnknownPidsTo(pids);
            if (!pids.isEmpty()) {
                throw new CgroupException(name(pids) + " in cgroups below " + directory
                        + ", which was there before the container; they may be anybody's and are not killed");
            }
        }
    }

    /** Not more of them than can be read. */
    private static String name(Collection<Integer> pids) {
        String first = pids.stream().limit(NAMED_PIDS).map(String::valueOf).collect(Collectors.joining(", "));
        return pids.size() <= NAMED_PIDS
                ? "processes [" + first + "] are"
                : "processes [" + first + "] and " + (pids.size() - NAMED_PIDS) + " more are";
    }

    /** What is frozen above it is somebody else's to thaw. */
    private String frozenAbove() throws CgroupException {
        Optional<Path> freezer = paths.legacy("freezer");
        boolean frozen = freezer.isPresent()
                && new CgroupFile(freezer.get(), "freezer.parent_freezing")
                        .readIfPresent()
                        .equals(Optional.of("1"));
        return frozen ? "; a cgroup above it is frozen" : "";
    }

    /**
     * Removes what a making left that was cut off before it was known to be a container's: no more than empty
     * directories that were made here, and that no other making is about to use.
     */
    public void removeUnknown() throws CgroupException {
        List<Path> all = paths.all();
        if (isPopulated()) {
            return;
        }
        Optional<CgroupLock> lock = CgroupLock.tryOn(all);
        if (lock.isEmpty()) {
            removeEachUnknown(all);
            return;
        }
        try (CgroupLock held = lock.get()) {
            if (!held.isTaken()) {
                throw new CgroupException(
                        describe() + " is being made for another container, and may have been made for this one");
            }
            removeEachUnknown(all);
        }
    }

    private static void removeEachUnknown(List<Path> directories) throws CgroupException {
        for (Path directory : directories) {
            if (CgroupLock.isMadeHere(directory)) {
                CgroupTree.removeIfEmpty(directory);
            }
        }
    }

    /** Removes it from each hierarchy where nothing is in it, neither a process nor another cgroup. */
    public void removeIfEmpty() {
        for (Path directory : paths.all()) {
            CgroupTree.removeIfEmpty(directory);
        }
    }

    private Freezer freezer() throws CgroupException {
        return Freezer.of(paths)
                .orElseThrow(() -> new CgroupException("freezer: neither the freezer controller of cgroup v1"
                        + " nor cgroup.freeze of cgroup v2 is there for " + describe()));
    }

    private boolean isPopulatedUnified() throws CgroupException {
        if (paths.unified().isEmpty()) {
            return false;
        }
        Path directory = paths.unified().get();
        boolean populated =
                new CgroupFile(directory, "cgroup.events").readKey("populated").equals(Optional.of("1"));
        return populated
                && (!tree(directory).holdsOthers() || !pidsIn(directory).isEmpty());
    }

    /** Whether cgroups below it are not, or not known to be, the container's. */
    public boolean holdsOthers() throws CgroupException {
        for (Path directory : paths.all()) {
            if (tree(directory).holdsOthers()) {
                return true;
            }
        }
        return false;
    }

    private CgroupTree tree(Path directory) {
        return new CgroupTree(directory, isToStay(directory));
    }

    private boolean isToStay(Path directory) {
        return takenOver.contains(directory);
    }

    private NavigableSet<Integer> pidsIn(Path directory) throws CgroupException {
        NavigableSet<Integer> pids = new TreeSet<>();
        tree(directory).addPidsTo(pids);
        return pids;
    }

    /** Those of another pid namespace, which have no number here, as 0. */
    private NavigableSet<Integer> allPids() throws CgroupException {
        NavigableSet<Integer> pids = new TreeSet<>();
        for (Path directory : paths.all()) {
            tree(directory).addPidsTo(pids);
        }
        return pids;
    }

    private String describe() {
        List<Path> all = paths.all();
        return all.isEmpty() ? "the container, which has no cgroup" : "the cgroup " + all.getFirst();
    }
}
