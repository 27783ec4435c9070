// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DeviceAccess;
import dev.jrun.cgroup.device.DeviceNumbers;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.cgroup.device.DeviceType;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;

/**
 * The device rules of a container as properties of its unit. systemd knows only lists of what is allowed. On cgroup v1
 * it writes its own rules over others whenever it looks at the unit anew, so that they must never allow more; on cgroup
 * v2 every program has to agree, so that they must never allow less. systemd.resource-control(5), "DeviceAllow".
 */
final class DeviceProperties {

    /** From here on, devices are known by numbers, whether there is a file or not. */
    private static final int KNOWS_NUMBERS = 240;

    private DeviceProperties() {}

    /** Of these rules, and those that every container has, on cgroup v1. */
    static List<UnitProperty> ofLegacy(List<DeviceRule> rules) throws CgroupException {
        DevicePolicy policy = DevicePolicy.of(rules);
        if (policy.allowsEverything()) {
            return unrestricted();
        }
        return restricted(policy.allowsByDefault() ? List.of() : allowed(policy));
    }

    /**
     * Likewise, on a host with cgroup v2 alone.
     *
     * @param version of systemd
     */
    static List<UnitProperty> ofUnified(List<DeviceRule> rules, int version) throws CgroupException {
        DevicePolicy policy = DevicePolicy.of(rules);
        return version >= KNOWS_NUMBERS && isExpressible(policy) ? restricted(allowed(policy)) : unrestricted();
    }

    private static List<UnitProperty> unrestricted() {
        return properties("auto", List.of());
    }

    private static List<UnitProperty> restricted(List<Object> allowed) {
        return properties("strict", allowed);
    }

    private static List<UnitProperty> properties(String policy, List<Object> allowed) {
        return List.of(
                UnitProperty.text("DevicePolicy", policy),
                // What was in the list before goes.
                new UnitProperty("DeviceAllow", "a(ss)", List.of()),
                new UnitProperty("DeviceAllow", "a(ss)", allowed));
    }

    private static boolean isExpressible(DevicePolicy policy) {
        if (policy.allowsByDefault()) {
            return false;
        }
        for (DeviceNumbers numbers : policy.exceptions().keySet()) {
            if (!isExpressible(numbers)) {
                return false;
            }
        }
        return true;
    }

    /** There is no name for all devices of one minor number. */
    private static boolean isExpressible(DeviceNumbers numbers) {
        return numbers.major() != DeviceNumbers.ANY || numbers.minor() == DeviceNumbers.ANY;
    }

    private static List<Object> allowed(DevicePolicy policy) {
        List<Object> allowed = new ArrayList<>();
        for (Entry<DeviceNumbers, DevicePolicy.Access> exception :
                policy.exceptions().entrySet()) {
            DeviceAccess access = exception.getValue().access();
            if (isExpressible(exception.getKey()) && !access.isEmpty()) {
                allowed.add(List.of(name(exception.getKey()), access.toString()));
            }
        }
        return allowed;
    }

    private static String name(DeviceNumbers numbers) {
        String kind = numbers.type() == DeviceType.BLOCK ? "block" : "char";
        if (numbers.major() == DeviceNumbers.ANY) {
            return kind + "-*";
        }
        return numbers.minor() == DeviceNumbers.ANY
                ? kind + "-" + numbers.major()
                : "/dev/" + kind + "/" + numbers.major() + ":" + numbers.minor();
    }
}
