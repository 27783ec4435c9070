// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;

/** How the device rules of a container that is in use change. */
public record DeviceChange(DevicePolicy before, DevicePolicy after) {

    /**
     * The change by these rules.
     *
     * @throws CgroupException if there are too many, or if one takes a part out of another
     */
    public static DeviceChange of(DevicePolicy before, List<DeviceRule> rules) throws CgroupException {
        return new DeviceChange(before, before.and(rules));
    }

    /** Whether all is decided as before, so that nothing is to be touched: others may have changed it for their devices. */
    public boolean isNone() {
        return before.asRules().equals(after.asRules());
    }

    /** Whether what no exception is about is decided otherwise. */
    public boolean turnsDefault() {
        return before.allowsByDefault() != after.allowsByDefault();
    }
}
