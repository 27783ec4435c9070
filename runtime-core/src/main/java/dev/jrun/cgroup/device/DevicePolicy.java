// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container may do with device nodes, in the terms of the devices controller of cgroup v1: all or nothing, and
 * exceptions from that. A device program for cgroup v2 is made from the same policy, so both decide alike.
 *
 * @param allowsByDefault whether what no exception is about is allowed
 * @param exceptions the access that is treated the other way, and where that comes from
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/devices.html">devices.rst</a>
 */
public record DevicePolicy(boolean allowsByDefault, SortedMap<DeviceNumbers, Access> exceptions) {
    /** Whatever device it is about, it is allowed. */
    public static final DevicePolicy EVERYTHING = new DevicePolicy(true, new TreeMap<>());

    /** Whatever device it is about, it is denied. */
    public static final DevicePolicy NOTHING = new DevicePolicy(false, new TreeMap<>());

    private static final String POINTER = "/linux/resources/devices";
    private static final DeviceAccess NO_ACCESS = DeviceAccess.of("");

    /**
     * That many always have room in a device program; clients write some dozens. Where they differ in their access, the
     * kernel's verifier takes a thousand, and then says that there are too many.
     */
    static final int MOST_RULES = 4096;

    /**
     * An exception's access.
     *
     * @param pointer to the rule in config.json, empty for a default
     */
    public record Access(DeviceAccess access, String pointer) {}

    public DevicePolicy {
        exceptions = Collections.unmodifiableSortedMap(new TreeMap<>(exceptions));
    }

    /**
     * The policy of these rules, of which each changes what the ones before it left ("The runtime MUST apply entries in
     * the listed order", config-linux.md), and of the defaults after them.
     *
     * @throws CgroupException if there are too many rules, or if one is an exception from an exception, which the
     *     devices controller does not have: {@code allow c 1:* rw} and then {@code deny c 1:3 w}
     */
    public static DevicePolicy of(List<DeviceRule> rules) throws CgroupException {
        return of(rules, 0, new PolicyBuilder());
    }

    /** Where a rule of a document is. */
    static String pointer(int index) {
        return POINTER + "/" + index;
    }

    private static DevicePolicy of(List<DeviceRule> rules, int first, PolicyBuilder builder) throws CgroupException {
        if (rules.size() > MOST_RULES) {
            throw tooMany(rules.size());
        }
        for (int index = 0; index < rules.size(); index++) {
            builder.apply(rules.get(index), pointer(first + index));
        }
        return builder.build();
    }

    private static CgroupException tooMany(int count) {
        return CgroupException.ofField(
                POINTER, "devices controller: found %d rules; allowed: at most %d".formatted(count, MOST_RULES));
    }

    /**
     * What these rules make of it, each of which changes what the ones before it left; what none is about stays as it
     * is.
     *
     * @param first the index of the first of them in its document
     * @throws CgroupException as {@link #of}
     */
    public DevicePolicy and(List<DeviceRule> rules, int first) throws CgroupException {
        DevicePolicy policy = of(rules, first, new PolicyBuilder(this));
        if (policy.asRules().size() > MOST_RULES) {
            throw tooMany(policy.asRules().size());
        }
        return policy;
    }

    /** As few rules as lead to it, in an order that policies that decide alike have in common. */
    public List<DeviceRule> asRules() {
        List<DeviceRule> rules = new ArrayList<>(exceptions.size() + 1);
        rules.add(rule(allowsByDefault, Type.ALL, DeviceNumbers.ANY, DeviceNumbers.ANY, DeviceAccess.ALL));
        for (Entry<DeviceNumbers, Access> exception : exceptions.entrySet()) {
            DeviceNumbers numbers = exception.getKey();
            Type type = numbers.type() == DeviceType.BLOCK ? Type.BLOCK : Type.CHARACTER;
            DeviceAccess access = exception.getValue().access();
            rules.add(rule(!allowsByDefault, type, numbers.major(), numbers.minor(), access));
        }
        return rules;
    }

    /** The exceptions of this policy, as far as another, with the same default, does not have them. */
    public List<Entry<DeviceNumbers, Access>> exceptionsBeyond(DevicePolicy other) {
        List<Entry<DeviceNumbers, Access>> beyond = new ArrayList<>();
        for (Entry<DeviceNumbers, Access> exception : exceptions.entrySet()) {
            Access had = other.exceptions.get(exception.getKey());
            DeviceAccess access = exception.getValue().access().minus(had == null ? NO_ACCESS : had.access());
            if (!access.isEmpty()) {
                Access part = new Access(access, exception.getValue().pointer());
                beyond.add(Map.entry(exception.getKey(), part));
            }
        }
        return beyond;
    }

    private static DeviceRule rule(boolean allow, Type type, long major, long minor, DeviceAccess access) {
        return new DeviceRule(allow, type, number(major), number(minor), access.toString());
    }

    /** The devices of a rule that is not for all. */
    static DeviceNumbers numbers(DeviceRule rule, String pointer) throws CgroupException {
        return new DeviceNumbers(
                rule.type() == Type.BLOCK ? DeviceType.BLOCK : DeviceType.CHARACTER,
                number(rule.major(), pointer + "/major"),
                number(rule.minor(), pointer + "/minor"));
    }

    private static long number(OptionalLong number, String pointer) throws CgroupException {
        if (number.isEmpty()) {
            return DeviceNumbers.ANY;
        }
        long value = number.getAsLong();
        if (value < 0 || value > DeviceNumbers.MAXIMUM) {
            throw CgroupException.ofField(
                    pointer,
                    "devices controller: a device number is 0…%d, not %d".formatted(DeviceNumbers.MAXIMUM, value));
        }
        return value;
    }

    private static OptionalLong number(long number) {
        return number == DeviceNumbers.ANY ? OptionalLong.empty() : OptionalLong.of(number);
    }

    public boolean allowsEverything() {
        return allowsByDefault && exceptions.isEmpty();
    }
}
