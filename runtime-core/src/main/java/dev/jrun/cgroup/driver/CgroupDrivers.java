// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

/** The drivers that an engine has, and what they share while it lives. For use by several threads. */
public final class CgroupDrivers {

    private final HostCgroups host;

    /** @param callers those of the engine, of whom one may do what another may */
    public CgroupDrivers(Callers callers) {
        this.host = new HostCgroups(callers);
    }

    /** A driver for one call. */
    public CgroupDriver of(CgroupDriver.Kind kind) {
        return switch (kind) {
            case CGROUPFS -> new FileSystemDriver(host);
            case DISABLED -> new DisabledDriver(host);
        };
    }
}
