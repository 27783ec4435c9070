// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A container's cgroup in all hierarchies. It has only the paths, so it can be made from a container's stored state at
 * any time; whether the cgroup exists is another question.
 */
public final class Cgroup {
    /** A process that waits in the kernel, for a disk or a network file system, takes as long. */
    private static final Duration FREEZE_LIMIT = Duration.ofSeconds(10);

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

    /** Those in it. */
    public CgroupProcesses processes() {
        return new CgroupProcesses(this);
    }

    /** Whether it exists in any hierarchy. */
    public boolean exists() {
        return paths.all().stream().anyMatch(Files::isDirectory);
    }

    /** Whether nobody's process is in it or below it, whosever the cgroups there are. Zombies do not count. */
    private boolean isDeserted() throws CgroupException {
        Set<Integer> pids = new HashSet<>();
        for (Path directory : paths.legacy().values()) {
            CgroupTree.whosever(directory).addAnybodysPidsTo(pids, CgroupTree.LIMIT);
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
            List<Integer> pids = processes().pids();
            throw new CgroupException(
                    pids.isEmpty() ? obstacle : obstacle + "; " + CgroupProcesses.name(pids) + " in it");
        }
        for (Path directory : takenOver) {
            CgroupLock.unmark(directory);
        }
    }

    /**
     * Removes what a making left that was cut off before it was known to be a container's: no more than empty
     * directories that were made here, and that no other making is about to use.
     */
    public void removeUnknown() throws CgroupException {
        List<Path> all = paths.all();
        if (processes().areAny()) {
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
                        paths.describe() + " is being made for another container, and may have been made for this one");
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
                        + " nor cgroup.freeze of cgroup v2 is there for " + paths.describe()));
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

    CgroupTree tree(Path directory) {
        return new CgroupTree(directory, takenOver.contains(directory));
    }
}
