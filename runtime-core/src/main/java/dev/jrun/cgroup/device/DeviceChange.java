// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * A change of the device rules of a container in use.
 *
 * @param before what is known of them
 * @param rules what was asked for, in this order
 * @param index of the first of them in the document, where others may come before that ask for nothing
 */
public record DeviceChange(DevicePolicy before, DevicePolicy after, List<DeviceRule> rules, int index) {

    public DeviceChange {
        rules = List.copyOf(rules);
    }

    /**
     * The change by these rules.
     *
     * @throws CgroupException if there are too many, or if one takes a part out of another
     */
    public static DeviceChange of(DevicePolicy before, List<DeviceRule> rules, int index) throws CgroupException {
        return new DeviceChange(before, before.and(rules, index), rules, index);
    }

    /** The change by the same rules of what there is, where that is not what was known. */
    public DeviceChange from(DevicePolicy found) throws CgroupException {
        return of(found, rules, index);
    }

    /** Whether all is decided afterwards as it was known before. That does not say that it is so in the cgroup. */
    public boolean changesNothingKnown() {
        return before.asRules().equals(after.asRules());
    }

    /** Whether what no exception is about is decided otherwise. */
    public boolean turnsDefault() {
        return before.allowsByDefault() != after.allowsByDefault();
    }

    /** Whether one of the rules is about all devices, so that nothing matters that was before it. */
    public boolean beginsAnew() {
        for (DeviceRule rule : rules) {
            if (rule.type() == Type.ALL) {
                return true;
            }
        }
        return false;
    }

    /** What is allowed by a rule of its own, as far as no later one has taken it back. */
    public List<Entry<DeviceNumbers, DevicePolicy.Access>> explicitlyAllowed() throws CgroupException {
        List<Entry<DeviceNumbers, DevicePolicy.Access>> allowed = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            DeviceRule rule = rules.get(i);
            if (rule.allow() && rule.type() != Type.ALL) {
                String pointer = DevicePolicy.pointer(index + i);
                DeviceNumbers numbers = DevicePolicy.numbers(rule, pointer);
                DevicePolicy.Access denied = after.exceptions().get(numbers);
                DeviceAccess access = DeviceAccess.of(rule.access());
                DeviceAccess left = denied == null ? access : access.minus(denied.access());
                allowed.add(Map.entry(numbers, new DevicePolicy.Access(left, pointer)));
            }
        }
        return allowed;
    }
}
