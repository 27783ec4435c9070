// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one cgroup. Until it is closed, nothing else can use the same one: a container's first process enters its
 * cgroup late, and another container would find the cgroup empty until then.
 */
public final class CgroupCreation implements AutoCloseable {

    private final CgroupHost host;
    private final CgroupPlace place;
    private final CgroupDirectories paths;
    private final CreationLock lock = new CreationLock();
    private final DirectoryMaking directories;
    /** Those that were there, and now have the mark. */
    private final List<Path> marked = new ArrayList<>();

    private OwnDirectories own = OwnDirectories.NONE;
    private Optional<String> invocation = Optional.empty();

    private CgroupCreation(CgroupHost host, CgroupPlace place) {
        this.host = host;
        this.place = place;
        this.paths = place.own();
        this.directories = new DirectoryMaking(host, lock);
    }

    /**
     * Makes a cgroup, with those above it that are missing, in every hierarchy. Where cgroup v2 is all that there is,
     * all controllers are handed down to it, as far as the cgroups on the way allow. An existing cgroup is used if no
     * process and no cgroup is in it and it is not frozen. If it was made for another container, it is made anew: that
     * container may not have been deleted yet, and must not take it for its own then.
     *
     * @param host that gave the place
     * @throws CgroupException if that fails; what was made is then removed again
     */
    public static CgroupCreation of(CgroupHost host, CgroupPlace place) throws CgroupException {
        CgroupCreation creation = new CgroupCreation(host, place);
        creation.run();
        return creation;
    }

    /** Somebody else who makes cgroups, and has them as long as they are there: systemd, whose units they are. */
    public interface Manager {

        /**
         * Makes the cgroup, where it has any, with a process in it. What was made ends with that process, unless
         * somebody else has put another there.
         *
         * @return what the manager knows this making by
         */
        String make() throws CgroupException;

        /** The process that is in it. */
        long holder();
    }

    /**
     * Has somebody else make a cgroup, and makes the rest: in hierarchies that he does not have, with controllers that
     * he does not know. It is the container's alone: nobody else's process may be there.
     *
     * @param host that gave the place
     * @throws CgroupException if that fails; what was made is then removed again, once its process has ended
     */
    public static CgroupCreation by(Manager manager, CgroupHost host, CgroupPlace place) throws CgroupException {
        CgroupCreation creation = new CgroupCreation(host, place);
        creation.runBy(manager);
        return creation;
    }

    private void runBy(Manager manager) throws CgroupException {
        invocation = Optional.of(manager.make());
        boolean done = false;
        try {
            complete(manager.holder());
            done = true;
        } finally {
            if (!done) {
                undo();
                close();
            }
        }
    }

    private void complete(long holder) throws CgroupException {
        if (paths.unified().isPresent() && !Files.isDirectory(paths.unified().get())) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "systemd has made unit " + place.unit().orElse("") + ", but not the cgroup "
                            + paths.unified().get());
        }
        directories.makeAll(paths);
        Set<Integer> pids = pids();
        if (!pids.remove((int) holder)) {
            throw new CgroupException(
                    "unit " + place.unit().orElse("") + " has ended: its process is not in it any more");
        }
        checkNone(pids);
        for (Path directory : paths.all()) {
            CgroupLock.markMade(directory);
        }
        own = OwnDirectories.of(paths.all(), paths.all(), host);
        lock.check(paths.all());
    }

    /**
     * Makes the cgroups that lead to the one that is delegated, once it is written down whose they are. What is below a
     * cgroup that was there before is nobody's in particular, and would not be removed with the container.
     */
    public void makeDelegated() throws CgroupException {
        if (place.delegated().isEmpty()) {
            return;
        }
        if (!marked.isEmpty()) {
            throw CgroupException.ofField(
                    Delegation.POINTER,
                    "the cgroup exists already: " + marked
                            + "; delegation needs one that jrun makes for the container");
        }
        for (Path directory : place.delegatedDirectories()) {
            directories.makeDelegated(directory);
        }
    }

    /**
     * Hands all controllers down to the cgroup that is delegated. No process may be in those above it by then: the
     * container's first has gone there.
     */
    public void handDownToDelegated() throws CgroupException {
        for (Path directory : place.delegatedDirectories()) {
            new SubtreeControl(directory.getParent()).handDownAll();
        }
    }

    /** What the manager knows this making by; empty where nobody else has made it. */
    public Optional<String> invocation() {
        return invocation;
    }

    public Cgroup cgroup() {
        return new Cgroup(place);
    }

    /** Which of its directories are the container's. */
    public OwnDirectories own() {
        return own;
    }

    /**
     * Removes all that was made, those above the cgroup too, as far as nobody else uses it. What was there before
     * stays; what was written into it since, such as limits, stays in it.
     */
    public void undo() {
        for (Path directory : directories.made()) {
            if (lock.isContested(directory)) {
                lock.removeContested(directory);
            } else if (!isAnothersNow(directory)) {
                // Another container's cgroup may have been made below it meanwhile, so that it is that one's now.
                CgroupTree.removeIfEmpty(directory);
            }
        }
        directories.forget();
        for (Path directory : marked) {
            CgroupLock.unmark(directory);
        }
        marked.clear();
    }

    /** Whether the container's own was removed since, and somebody else has made one in its place. */
    private boolean isAnothersNow(Path directory) {
        long inode = own.inode(directory);
        try {
            return inode != 0 && OwnDirectories.readInode(directory) != inode;
        } catch (CgroupException unknown) {
            return true;
        }
    }

    /** Lets others use the cgroup, if they find it empty. */
    @Override
    public void close() {
        lock.close();
    }

    private void run() throws CgroupException {
        boolean done = false;
        try {
            make();
            if (isAnothersRemoved()) {
                close();
                make();
            }
            takeOver();
            own = OwnDirectories.of(paths.all(), directories.made(), host);
            lock.check(paths.all());
            done = true;
        } finally {
            if (!done) {
                undo();
                close();
            }
        }
    }

    private void make() throws CgroupException {
        directories.makeAll(paths);
        checkUnused();
    }

    /** Whether there are any that were another container's; they are removed then, unless something is in them. */
    private boolean isAnothersRemoved() throws CgroupException {
        boolean any = false;
        for (Path directory : paths.all()) {
            if (!directories.made().contains(directory) && CgroupLock.isMadeHere(directory)) {
                CgroupTree.removeIfEmpty(directory);
                any = true;
            }
        }
        return any;
    }

    /** From now on, what was there is a container's. */
    private void takeOver() throws CgroupException {
        for (Path directory : paths.all()) {
            if (directories.made().contains(directory)) {
                continue;
            }
            checkMayBeTakenOver(directory);
            CgroupLock.mark(directory);
            marked.add(directory);
        }
    }

    private static void checkMayBeTakenOver(Path directory) throws CgroupException {
        if (CgroupLock.isMadeHere(directory)) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "the cgroup belongs to another container and still has cgroups below it: " + directory);
        }
        if (CgroupLock.isTakenOver(directory)) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "the cgroup belongs to another container, which has to be deleted first: " + directory
                            + " (if there is no such container, remove the directory)");
        }
        if (CgroupTree.whosever(directory).hasChildren()) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "container's cgroup is not empty: other cgroups are in " + directory);
        }
    }

    /**
     * What was there before must be of no other use: limits would hit, and deletion kill, processes of somebody else.
     */
    private void checkUnused() throws CgroupException {
        if (directories.made().containsAll(paths.all())) {
            return;
        }
        checkNone(pids());
        if (new Cgroup(paths).isFrozen()) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "the cgroup is frozen; thaw it, or choose another cgroupsPath: " + paths.all());
        }
    }

    private Set<Integer> pids() throws CgroupException {
        Set<Integer> pids = new HashSet<>();
        for (Path directory : paths.all()) {
            CgroupTree.whosever(directory).addAnybodysPidsTo(pids, CgroupTree.LIMIT);
        }
        return pids;
    }

    private void checkNone(Set<Integer> pids) throws CgroupException {
        if (!pids.isEmpty()) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "container's cgroup is not empty: %d process(es) found in %s".formatted(pids.size(), paths.all()));
        }
    }
}
