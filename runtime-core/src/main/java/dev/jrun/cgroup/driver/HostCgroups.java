// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupHost;
import dev.jrun.cgroup.controller.Controllers;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.kernel.call.MountWatch;

/**
 * What an engine's drivers know about the host. Hierarchies can be mounted and unmounted while an engine lives. For use
 * by several threads.
 */
final class HostCgroups {

    private final Callers callers;
    private volatile Controllers controllers;
    private Sight last;
    private MountWatch mounts;

    /** What the files said, and what that means. */
    private record Sight(CgroupHost.Description description, CgroupHost host) {}

    HostCgroups(Callers callers) {
        this.callers = callers;
    }

    boolean areCallersUnprivileged() throws CgroupException {
        return callers.areUnprivileged();
    }

    /** Those for these callers. */
    Controllers controllers() throws CgroupException {
        Controllers known = controllers;
        if (known == null) {
            known = callers.areUnprivileged() ? Controllers.ofUnprivileged() : new Controllers();
            controllers = known;
        }
        return known;
    }

    /** The hierarchies as they are mounted now. */
    synchronized CgroupHost hierarchies() throws CgroupException {
        Sight known = last;
        boolean current = known != null && areMountsUnchanged();
        if (!current) {
            last = null;
            known = look(known);
            last = known;
        }
        return known.host();
    }

    /**
     * Whoever looks for the first time watches nothing yet: an engine's first call would wait for what it takes to ask
     * the kernel.
     */
    private boolean areMountsUnchanged() {
        try {
            if (mounts == null) {
                mounts = MountWatch.start();
                return false;
            }
            return !mounts.hasChanged();
        } catch (LinuxException e) {
            return false;
        }
    }

    private static Sight look(Sight before) throws CgroupException {
        if (before != null && before.description().isCurrent()) {
            return before;
        }
        CgroupHost.Description now = CgroupHost.Description.read();
        return new Sight(now, CgroupHost.detect(now));
    }
}
