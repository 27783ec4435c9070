// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.statistics.PidsStatistics;
import dev.jrun.cgroup.writing.Writing;
import dev.jrun.spec.Resources;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many tasks (processes and their threads) a container may have: {@code linux.resources.pids}. The same on cgroup
 * v1 and v2.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#pid">PID on cgroup v2</a>
 */
public final class PidsController implements ReportingController<PidsStatistics> {
    private static final String LIMIT = "/linux/resources/pids/limit";

    @Override
    public String name() {
        return "pids";
    }

    @Override
    public void apply(Cgroup cgroup, Resources resources, Writing writing) throws CgroupException {
        if (resources.pidsLimit().isPresent()) {
            String limit = limit(resources.pidsLimit().getAsLong());
            ControllerFiles.of(cgroup, name(), writing)
                    .write("pids.max", limit, LIMIT, "the kernel takes limits up to 4194304 (PID_MAX_LIMIT)");
        }
    }

    @Override
    public Optional<PidsStatistics> report(Cgroup cgroup) throws CgroupException {
        ControllerFiles files = ControllerFiles.of(cgroup, name());
        OptionalLong current = files.number("pids.current");
        if (current.isPresent()) {
            return Optional.of(new PidsStatistics(current.getAsLong(), files.limit("pids.max")));
        }
        return files.areLegacy() ? Optional.empty() : processes(files);
    }

    /** On cgroup v2 processes can be counted without the controller, those of the cgroup alone; so does runc. */
    private static Optional<PidsStatistics> processes(ControllerFiles files) throws CgroupException {
        Optional<String> processes = files.readUnlessUnsupported("cgroup.procs");
        if (processes.isEmpty()) {
            return Optional.empty();
        }
        String pids = processes.get();
        return Optional.of(new PidsStatistics(pids.isEmpty() ? 0 : pids.split("\n").length, OptionalLong.empty()));
    }

    private static String limit(long limit) {
        if (limit < 0) {
            return "max";
        }
        // With 0, not even init could be made in the cgroup. That it cannot fork is the same with 1.
        return Long.toString(Math.max(limit, 1));
    }
}
