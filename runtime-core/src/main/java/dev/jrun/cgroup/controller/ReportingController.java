// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import java.util.Optional;

/**
 * A controller that says how much of what it limits a cgroup uses and has used.
 *
 * @param <T> what it says
 */
public interface ReportingController<T> extends LimitController {

    /**
     * What it says now. What this kernel does not count is missing.
     *
     * @return empty if the controller is not there for this cgroup, or the cgroup is gone
     * @throws CgroupException if a file cannot be read, or is not what it should be
     */
    Optional<T> report(Cgroup cgroup) throws CgroupException;
}
