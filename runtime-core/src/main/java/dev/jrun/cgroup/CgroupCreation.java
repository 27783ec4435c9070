// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;

/** One making of a cgroup. */
final class CgroupCreation {
    private final CgroupHost host;
    private final CgroupPaths paths;
    /** The directories that were not there before, the newest first. */
    private final Deque<Path> made = new ArrayDeque<>();

    CgroupCreation(CgroupHost host, CgroupPaths paths) {
        this.host = host;
        this.paths = paths;
    }

    void run() throws CgroupException {
        boolean done = false;
        try {
            if (paths.unified().isPresent()) {
                makeUnified(paths.unified().get());
            }
            for (Entry<String, Path> entry : paths.legacy().entrySet()) {
                makeLegacy(entry.getKey(), entry.getValue());
            }
            checkUnused();
            done = true;
        } finally {
            if (!done) {
                removeMade();
            }
        }
    }

    private void makeUnified(Path directory) throws CgroupException {
        makeWithParents(directory);
        // Beside v1 hierarchies, cgroup v2 is there to track processes, and what it controls is the host's.
        if (paths.isUnified()) {
            for (Path above : host.lineage(directory.getParent())) {
                handDownControllers(above);
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

    /**
     * Lets the children of a cgroup have every controller that it has itself. Some may be refused, such as those that
     * were not delegated to us. That matters only to a limit that needs the controller, which then fails.
     */
    private static void handDownControllers(Path directory) throws CgroupException {
        Set<String> enabled = new CgroupFile(directory, "cgroup.subtree_control").readWords();
        List<String> missing = new ArrayList<>();
        for (String controller : new CgroupFile(directory, "cgroup.controllers").readWords()) {
            if (!enabled.contains(controller)) {
                missing.add("+" + controller);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        CgroupFile file = new CgroupFile(directory, "cgroup.subtree_control");
        if (!isWritten(file, String.join(" ", missing)) && !hasProcesses(directory)) {
            missing.forEach(controller -> isWritten(file, controller));
        }
    }

    /**
     * Whether processes are in a cgroup that is not the root, nor threaded. The kernel hands no controller down from there
     * ("no internal processes"), except that those which also work on threads would be, one by one, and make the cgroup
     * the root of a threaded subtree, in which no container can be.
     */
    private static boolean hasProcesses(Path directory) throws CgroupException {
        Optional<String> type = new CgroupFile(directory, "cgroup.type").readIfPresent();
        return type.equals(Optional.of("domain"))
                && !new CgroupFile(directory, "cgroup.procs").readWords().isEmpty();
    }

    private static boolean isWritten(CgroupFile file, String value) {
        try {
            file.write(value);
            return true;
        } catch (CgroupException refused) {
            return false;
        }
    }

    private void makeWithParents(Path directory) throws CgroupException {
        if (isMade(directory)) {
            return;
        }
        for (Path current : host.lineage(directory)) {
            if (!isMade(current)) {
                throw CgroupException.ofField(
                        CgroupHost.POINTER, "make cgroup " + current + ": the cgroup above it was removed meanwhile");
            }
        }
    }

    /** Makes one cgroup unless it exists; false if the one above it does not. */
    private boolean isMade(Path directory) throws CgroupException {
        try {
            Files.createDirectory(directory);
            made.push(directory);
            return true;
        } catch (FileAlreadyExistsException existing) {
            return true;
        } catch (NoSuchFileException noParent) {
            return false;
        } catch (IOException error) {
            throw CgroupException.ofField(
                    CgroupHost.POINTER, "make cgroup " + directory + ": " + CgroupException.reason(error), error);
        }
    }

    /**
     * What was there before must be of no other use: limits would hit, and deletion kill, processes of somebody else.
     */
    private void checkUnused() throws CgroupException {
        if (made.containsAll(paths.all())) {
            return;
        }
        Cgroup cgroup = new Cgroup(paths);
        if (cgroup.isPopulated()) {
            List<Integer> pids = cgroup.pids();
            throw CgroupException.ofField(
                    CgroupHost.POINTER,
                    "container's cgroup is not empty: %d process(es) found in %s".formatted(pids.size(), paths.all()));
        }
        if (cgroup.isFrozen()) {
            throw CgroupException.ofField(CgroupHost.POINTER, "container's cgroup unexpectedly frozen: " + paths.all());
        }
    }

    private void removeMade() {
        for (Path directory : made) {
            try {
                Files.delete(directory);
            } catch (IOException inUse) {
                // Another container's cgroup was made below it meanwhile, so it is that one's now.
                continue;
            }
        }
    }
}
