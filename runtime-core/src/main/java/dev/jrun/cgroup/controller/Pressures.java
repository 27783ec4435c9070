// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import java.util.Optional;

/**
 * Of what processes were in want. These files are in every cgroup of v2, whichever hierarchies have the controllers;
 * what is missing, the kernel does not count.
 */
public record Pressures(Optional<Pressure> cpu, Optional<Pressure> memory, Optional<Pressure> io) {

    static final Pressures NONE = new Pressures(Optional.empty(), Optional.empty(), Optional.empty());

    static Pressures in(Cgroup cgroup) throws CgroupException {
        if (cgroup.paths().unified().isEmpty()) {
            return NONE;
        }
        return new Pressures(of(cgroup, "cpu"), of(cgroup, "memory"), of(cgroup, "io"));
    }

    private static Optional<Pressure> of(Cgroup cgroup, String controller) throws CgroupException {
        return Pressure.in(ControllerFiles.ofUnified(cgroup, controller), controller + ".pressure");
    }
}
