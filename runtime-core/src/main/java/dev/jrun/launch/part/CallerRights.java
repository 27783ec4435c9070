// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.part;

/**
 * What the caller, and so the shim and the engine, may do.
 *
 * @param makesDeviceFiles whether it may make device files, mknod(2); else the host's are mounted
 * @param isRoot whether it is user 0 of its user namespace
 * @param traces whether it may trace any process of its user namespace: CAP_SYS_PTRACE
 * @param setsGroups whether its user namespace allows setgroups(2), which whoever maps a group without privileges has
 *     given up
 */
public record CallerRights(boolean makesDeviceFiles, boolean isRoot, boolean traces, boolean setsGroups) {

    /**
     * Whether the shim may map the ids of a process that is not dumpable: its /proc/PID/uid_map belongs to root of the
     * user namespace that it was executed in. proc(5).
     */
    public boolean mapsHidden() {
        return isRoot;
    }

    /**
     * Whether the shim may map it, and open its namespaces as well, for which it takes the right to look into it.
     * ptrace(2).
     */
    public boolean opensHidden() {
        return isRoot && traces;
    }
}
