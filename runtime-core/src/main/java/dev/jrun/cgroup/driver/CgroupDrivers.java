// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.systemd.UnitManager;
import dev.jrun.kernel.call.EffectiveUser;

/** The drivers that an engine has, and what they share while it lives. For use by several threads. */
public final class CgroupDrivers {

    private final HostCgroups host;
    private UnitManager systemd;

    /** @param callers those of the engine, of whom one may do what another may */
    public CgroupDrivers(Callers callers) {
        this.host = new HostCgroups(callers);
    }

    /** A driver for one call, which makes a container. */
    public CgroupDriver of(CgroupDriver.Kind kind) {
        return of(kind, ContainerPlaces.NONE);
    }

    /** Likewise, that has to do with a container that was made before. */
    public CgroupDriver of(ContainerPlaces places) {
        return of(places.driver(), places);
    }

    private CgroupDriver of(CgroupDriver.Kind kind, ContainerPlaces places) {
        return switch (kind) {
            case CGROUPFS -> new FileSystemDriver(host);
            case DISABLED -> new DisabledDriver(host);
            case SYSTEMD -> new SystemdDriver(host, systemd(), places);
        };
    }

    /** The one connection: nobody pays for it who does not need it. */
    private synchronized UnitManager systemd() {
        if (systemd == null) {
            systemd = UnitManager.of(EffectiveUser.uid());
        }
        return systemd;
    }
}
