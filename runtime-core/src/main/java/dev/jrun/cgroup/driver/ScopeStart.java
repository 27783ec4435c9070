// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.driver;

import dev.jrun.cgroup.CgroupCreation;
import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.systemd.ScopeProperties;
import dev.jrun.cgroup.systemd.UnitManager;
import dev.jrun.cgroup.systemd.UnitName;
import dev.jrun.cgroup.systemd.UnitProperty;
import dev.jrun.kernel.call.Failures;
import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Has systemd start the scope of a container that is being made, with the process in it that holds its place. */
final class ScopeStart implements CgroupCreation.Manager {

    private final UnitManager systemd;
    private final UnitName unit;
    private final String cgroup;
    private final CgroupDirectories place;
    private final Making making;
    private final Making.Holder holder;
    private final UnitManager.Cgroups former;

    /**
     * @param cgroup that the unit is to have
     * @param place where the container's cgroup will be
     * @param former removes the cgroup of another unit that has the name still
     */
    ScopeStart(
            UnitManager systemd,
            UnitName unit,
            String cgroup,
            CgroupDirectories place,
            Making making,
            UnitManager.Cgroups former) {
        this.systemd = systemd;
        this.unit = unit;
        this.cgroup = cgroup;
        this.place = place;
        this.making = making;
        this.holder = making.holder().orElseThrow();
        this.former = former;
    }

    @Override
    public String make() throws CgroupException {
        ScopeProperties properties = ScopeProperties.of(systemd.facts().version(), place);
        List<UnitProperty> wanted =
                properties.ofNew(unit.slice(), making.id(), holder.pid(), making.annotations(), making.resources());
        holder.check();
        UnitManager.Started started = systemd.start(unit.scope(), wanted, this::isHolderInUnit, former);
        holder.made(started.invocation());
        checkPlace(started.cgroup());
        return started.invocation();
    }

    private boolean isHolderInUnit() throws CgroupException {
        boolean inUnit = isInUnit();
        // Only now it is known whose pid that was.
        holder.check();
        return inUnit;
    }

    private boolean isInUnit() throws CgroupException {
        Path file = Path.of("/proc/" + holder.pid() + "/cgroup");
        try {
            for (String line : KernelFile.read(file).split("\n")) {
                boolean systemds = line.startsWith("0::") || line.contains(":name=systemd:");
                if (systemds && line.endsWith("/" + unit.scope())) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new CgroupException("read " + file + ": " + Failures.reason(e), e);
        }
    }

    private void checkPlace(String found) throws CgroupException {
        if (!found.equals(cgroup)) {
            throw new CgroupException(
                    "systemd has put unit " + unit.scope() + " into the cgroup " + found + ", and not into " + cgroup);
        }
    }

    @Override
    public long holder() {
        return holder.pid();
    }
}
