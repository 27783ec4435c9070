// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;

/** Those of a scope on a host that has controllers in hierarchies of cgroup v1. */
final class LegacyScopeProperties extends ScopeProperties {

    LegacyScopeProperties(int version) {
        super(version);
    }

    @Override
    public List<UnitProperty> ofDevices(List<DeviceRule> rules) throws CgroupException {
        return DeviceProperties.ofLegacy(rules);
    }

    @Override
    String ioAccounting() {
        return "BlockIOAccounting";
    }

    @Override
    LimitProperties limits() {
        return new LegacyLimitProperties(version());
    }
}
