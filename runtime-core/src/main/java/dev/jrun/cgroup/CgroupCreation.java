// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one cgroup. Until it is closed, nothing else can use the same one: a container's first process enters its
 * cgroup late, and another container would find the cgroup empty until then.
 */
public final class CgroupCreation implements AutoCloseable {

    /**
     * Of the cgroups that are made for containers: {@code drwxr-xr-t}. Nobody else makes cgroups with the sticky bit,
     * so one that has it was made here, even if whoever made it was killed before it could be written down.
     */
    private static final int MODE = CgroupLock.MADE_HERE | 0755;

    /** Of those above it, which stay for others. */
    private static final int MODE_ABOVE = 0755;

    private final CgroupHost host;
    private final CgroupPlace place;
    private final CgroupDirectories paths;
    /** The directories that were not there before, the newest first. */
    private final Deque<Path> made = new ArrayDeque<>();
    /** Those that were there, and now have the mark. */
    private final List<Path> marked = new ArrayList<>();

    private Optional<CgroupLock> lock = Optional.empty();
    /** What another making has locked. */
    private Optional<Path> contested = Optional.empty();

    private OwnDirectories own = OwnDirectories.NONE;
    private Optional<String> invocation = Optional.empty();

    private CgroupCreation(CgroupHost host, CgroupPlace place) {
        this.host = host;
        this.place = place;
        this.paths = place.own();
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
        makeDirectories();
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
        checkLock();
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
        for (Path directory : delegated()) {
            makeBelow(directory);
        }
    }

    private void makeBelow(Path directory) throws CgroupException {
        try {
            LinuxCalls.makeDirectory(directory, MODE_ABOVE);
            made.push(directory);
        } catch (LinuxException error) {
            throw CgroupException.ofField(
                    Delegation.POINTER, "make cgroup " + directory + ": " + error.reason(), error);
        }
    }

    /**
     * The cgroups that lead from the container's own, which is not among them, to the one below in which its init is to
     * be.
     */
    List<Path> delegated() {
        List<Path> all = new ArrayList<>();
        if (place.delegated().isPresent()) {
            Path directory = paths.unified().orElseThrow();
            for (Path name : Path.of(place.delegated().get())) {
                directory = directory.resolve(name);
                all.add(directory);
            }
        }
        return all;
    }

    /**
     * Hands all controllers down to the cgroup that is delegated. No process may be in those above it by then: the
     * container's first has gone there.
     */
    public void handDownToDelegated() throws CgroupException {
        for (Path directory : delegated()) {
            new SubtreeControl(directory.getParent()).handDownAll();
        }
    }

    /** What the manager knows this making by; empty where nobody else has made it. */
    public Optional<String> invocation() {
        return invocation;
    }

    /** The cgroup. */
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
        for (Path directory : made) {
            if (contested.equals(Optional.of(directory))) {
                removeContested(directory);
            } else if (!isAnothersNow(directory)) {
                // Another container's cgroup may have been made below it meanwhile, so that it is that one's now.
                CgroupTree.removeIfEmpty(directory);
            }
        }
        made.clear();
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

    /** As long as another making has it locked, it is that one's to use or to remove, whoever made it. */
    private void removeContested(Path directory) {
        close();
        try {
            lock = CgroupLock.tryOn(List.of(directory));
            if (lock.isEmpty() || lock.get().isTaken()) {
                CgroupTree.removeIfEmpty(directory);
            }
        } catch (CgroupException unknown) {
            // Then it may be in use.
            return;
        }
    }

    /** Lets others use the cgroup, if they find it empty. */
    @Override
    public void close() {
        if (lock.isPresent()) {
            lock.get().close();
            lock = Optional.empty();
        }
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
            own = OwnDirectories.of(paths.all(), made, host);
            checkLock();
            done = true;
        } finally {
            if (!done) {
                undo();
                close();
            }
        }
    }

    private void make() throws CgroupException {
        makeDirectories();
        checkUnused();
    }

    private void makeDirectories() throws CgroupException {
        if (paths.unified().isPresent()) {
            makeUnified(paths.unified().get());
        }
        for (Entry<String, Path> entry : paths.legacy().entrySet()) {
            makeLegacy(entry.getKey(), entry.getValue());
        }
    }

    /** Whether there are any that were another container's; they are removed then, unless something is in them. */
    private boolean isAnothersRemoved() throws CgroupException {
        boolean any = false;
        for (Path directory : paths.all()) {
            if (!made.contains(directory) && CgroupLock.isMadeHere(directory)) {
                CgroupTree.removeIfEmpty(directory);
                any = true;
            }
        }
        return any;
    }

    /** From now on, what was there is a container's. */
    private void takeOver() throws CgroupException {
        for (Path directory : paths.all()) {
            if (made.contains(directory)) {
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
        if (new CgroupTree(directory, true).hasChildren()) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "container's cgroup is not empty: other cgroups are in " + directory);
        }
    }

    private void makeUnified(Path directory) throws CgroupException {
        makeWithParents(directory);
        // Beside v1 hierarchies, cgroup v2 is there to track processes, and what it controls is the host's.
        if (host.layout() == CgroupHost.Layout.UNIFIED) {
            for (Path above : host.lineage(directory.getParent())) {
                new SubtreeControl(above).handDownAll();
            }
        }
        String type = new CgroupFile(directory, "cgroup.type").readIfPresent().orElse("domain");
        if (type.equals("threaded") || type.equals("domain invalid")) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "%s is below a threaded cgroup (its cgroup.type is \"%s\"), where no container can be"
                            .formatted(directory, type));
        }
    }

    private void makeLegacy(String controllers, Path directory) throws CgroupException {
        makeWithParents(directory);
        if (List.of(controllers.split(",")).contains("cpuset")) {
            List<Path> lineage = host.lineage(directory);
            inherit(lineage, "cpuset.cpus");
            inherit(lineage, "cpuset.mems");
        }
    }

    /**
     * Gives the last cgroup of a lineage the value of the one above it, if it has none. A cgroup of cpuset (cgroup v1)
     * starts with no CPUs and no memory nodes, and then no process can enter it.
     *
     * @return the last one's value
     */
    private static String inherit(List<Path> lineage, String name) throws CgroupException {
        CgroupFile file = new CgroupFile(lineage.getLast(), name);
        String value = file.read();
        if (value.isEmpty() && lineage.size() > 1) {
            value = inherit(lineage.subList(0, lineage.size() - 1), name);
            file.write(value);
        }
        return value;
    }

    private void makeWithParents(Path directory) throws CgroupException {
        if (!isMade(directory, MODE)) {
            for (Path current : host.lineage(directory)) {
                if (!isMade(current, current.equals(directory) ? MODE : MODE_ABOVE)) {
                    throw CgroupException.ofField(
                            CgroupHost.POINTER,
                            "make cgroup " + current + ": the cgroup above it was removed meanwhile");
                }
            }
        }
        if (lock.isEmpty()) {
            lock(directory);
        }
    }

    /**
     * All who make the same cgroup do so in the same order, so that a lock on the first directory that can be locked is
     * enough.
     */
    private void lock(Path directory) throws CgroupException {
        lock = CgroupLock.tryOn(List.of(directory));
        if (lock.isPresent() && !lock.get().isTaken()) {
            contested = Optional.of(directory);
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "container's cgroup is being made for another container: " + directory);
        }
    }

    private void checkLock() throws CgroupException {
        if (!isLockInForce()) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "container's cgroup was removed and made anew by somebody else: " + paths.all());
        }
    }

    private boolean isLockInForce() throws CgroupException {
        if (lock.isPresent()) {
            return lock.get().isInForce(paths.all());
        }
        // Where there was nothing to lock there must be nothing now.
        lock = CgroupLock.tryOn(paths.all());
        return lock.isEmpty();
    }

    /** Makes one cgroup unless it exists; false if the one above it does not. */
    private boolean isMade(Path directory, int mode) throws CgroupException {
        try {
            LinuxCalls.makeDirectory(directory, mode);
            made.push(directory);
            return true;
        } catch (LinuxException error) {
            if (error.is(Errno.EEXIST)) {
                return true;
            }
            if (error.is(Errno.ENOENT)) {
                return false;
            }
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "make cgroup " + directory + ": " + error.reason(), error);
        }
    }

    /**
     * What was there before must be of no other use: limits would hit, and deletion kill, processes of somebody else.
     */
    private void checkUnused() throws CgroupException {
        if (made.containsAll(paths.all())) {
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
            new CgroupTree(directory, true).addAnybodysPidsTo(pids, CgroupTree.LIMIT);
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
