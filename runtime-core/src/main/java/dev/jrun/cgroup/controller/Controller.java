// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources;

/** A cgroup controller: one part of {@code linux.resources}, and what it means in the files of cgroup v1 and v2. */
public interface Controller {
    /** The kernel's name of it, as in {@code /proc/cgroups} or {@code cgroup.controllers}. */
    String name();

    /**
     * Makes a cgroup that exists have this controller's part of the resources, whatever it had before. What the
     * resources say nothing about stays as it is.
     *
     * @throws CgroupException if this host cannot do that; it names the field of config.json and the file
     */
    void apply(Cgroup cgroup, Resources resources) throws CgroupException;
}
