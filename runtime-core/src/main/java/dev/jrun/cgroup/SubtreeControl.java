// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which controllers of cgroup v2 the children of a cgroup have: its {@code cgroup.subtree_control}. */
public record SubtreeControl(Path directory) {

    /**
     * Lets the children have every controller that it has itself. Some may be refused, such as those that were not
     * delegated to us. That matters only to a limit that needs the controller, which then fails.
     */
    void handDownAll() throws CgroupException {
        handDown(new CgroupFile(directory, "cgroup.controllers").readWords());
    }

    /** Likewise, with one of them. */
    public void handDown(String controller) throws CgroupException {
        if (new CgroupFile(directory, "cgroup.controllers").readWords().contains(controller)) {
            handDown(List.of(controller));
        }
    }

    private void handDown(Collection<String> controllers) throws CgroupException {
        CgroupFile file = new CgroupFile(directory, "cgroup.subtree_control");
        Optional<String> enabled = file.readIfPresent();
        if (enabled.isEmpty()) {
            return;
        }
        Set<String> words = Set.of(enabled.get().split(" "));
        List<String> missing = new ArrayList<>();
        for (String controller : controllers) {
            if (!words.contains(controller)) {
                missing.add("+" + controller);
            }
        }
        if (missing.isEmpty() || hasProcesses()) {
            return;
        }
        if (!isWritten(file, String.join(" ", missing))) {
            missing.forEach(controller -> isWritten(file, controller));
        }
    }

    /**
     * Whether processes are in a cgroup that is not the root, nor threaded. The kernel hands no controller down from
     * there ("no internal processes"), except that those which also work on threads would be, and make the cgroup the
     * root of a threaded subtree, in which no container can be.
     */
    private boolean hasProcesses() throws CgroupException {
        Optional<String> type = new CgroupFile(directory, "cgroup.type").readIfPresent();
        return type.equals(Optional.of("domain"))
                && !new CgroupFile(directory, "cgroup.procs").read().isEmpty();
    }

    private static boolean isWritten(CgroupFile file, String value) {
        try {
            file.write(value);
            return true;
        } catch (CgroupException refused) {
            return false;
        }
    }
}
