// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.CgroupException;

/** Identifies those for whom cgroups are made. */
public interface Callers {

    /**
     * Whether their containers may go without cgroups, if their documents name none, and without device rules that
     * cannot be kept.
     *
     * @throws CgroupException if the kernel does not say
     */
    boolean areUnprivileged() throws CgroupException;
}
