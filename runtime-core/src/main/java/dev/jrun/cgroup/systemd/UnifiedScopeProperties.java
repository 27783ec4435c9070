// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;

/** Those of a scope on a host with cgroup v2 alone. */
final class UnifiedScopeProperties extends ScopeProperties {

    UnifiedScopeProperties(int version) {
        super(version);
    }

    @Override
    public List<UnitProperty> ofDevices(List<DeviceRule> rules) throws CgroupException {
        return DeviceProperties.ofUnified(rules, version());
    }

    @Override
    String ioAccounting() {
        return "IOAccounting";
    }

    @Override
    LimitProperties limits() {
        return new UnifiedLimitProperties(version());
    }
}
